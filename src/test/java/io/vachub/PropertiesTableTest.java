package io.vachub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The table of all properties is that of the service: ours as Spring's configuration metadata
 * describe them, those of Spring Boot and the starter by what application.yaml sets. {@code mvn
 * test -Dtest=PropertiesTableTest -Dreadme.write} writes it anew.
 */
class PropertiesTableTest {

  private static final Path REFERENCE = Path.of("src/main/README.md");
  private static final Path METADATA =
      Path.of("target/classes/META-INF/spring-configuration-metadata.json");
  private static final Pattern TABLE =
      Pattern.compile("(?<=<!-- properties -->\n).*(?=<!-- /properties -->)", Pattern.DOTALL);

  /** How this application is put together, rather than how it is set. */
  private static final Set<String> WIRING = Set.of("spring", "management", "otel", "logging");

  private final Map<String, String> inYaml = inYaml();
  private final Map<String, Property> ours = ours();

  private record Property(String value, String description) {}

  @Test
  void isThatOfTheService() throws IOException {
    String reference = Files.readString(REFERENCE);
    String table = table(rows(reference));
    if (System.getProperty("readme.write") != null) {
      reference = TABLE.matcher(reference).replaceFirst(Matcher.quoteReplacement(table));
      Files.writeString(REFERENCE, reference);
    }

    assertThat(TABLE.matcher(reference).results().map(result -> result.group()))
        .containsExactly(table);
    assertThat(rows(reference).values()).allMatch(row -> !row.description().isEmpty());
  }

  @Test
  void theFrontPageShowsSomeOfIt() throws IOException {
    Map<String, Property> all = rows(Files.readString(REFERENCE));
    Map<String, Property> shown = rows(Files.readString(Path.of("README.md")));

    assertThat(shown).hasSizeGreaterThan(5);
    assertThat(shown)
        .allSatisfy((name, row) -> assertThat(all.get(name).value()).isEqualTo(row.value()));
  }

  @Test
  void applicationYamlSetsWhatIsTheDefaultAnyway() {
    assertThat(inYaml)
        .allSatisfy(
            (name, value) -> {
              if (ours.containsKey(name)) {
                assertThat(ours.get(name).value()).as(name).isEqualTo(value);
              }
            });
  }

  private String table(Map<String, Property> written) {
    Map<String, Property> rows = new TreeMap<>(ours);
    inYaml.forEach(
        (name, value) ->
            rows.putIfAbsent(
                name,
                new Property(
                    value, written.getOrDefault(name, new Property("", "")).description())));
    StringBuilder table = new StringBuilder("\n| property | default | |\n|---|---|---|\n");
    rows.forEach(
        (name, row) ->
            table.append(
                "| `%s` | %s | %s |\n"
                    .formatted(
                        name,
                        row.value().isEmpty() ? "none" : "`" + row.value() + "`",
                        row.description())));
    return table.append('\n').toString();
  }

  private static Map<String, Property> rows(String page) {
    return Pattern.compile(
            "^\\| `([\\w-]+\\.[\\w.-]+)` \\| (?:`(.+?)`|none) \\| (.*) \\|$", Pattern.MULTILINE)
        .matcher(page)
        .results()
        .collect(
            Collectors.toMap(
                row -> row.group(1),
                row -> new Property(row.group(2) == null ? "" : row.group(2), row.group(3))));
  }

  private static Map<String, String> inYaml() {
    return ApplicationYaml.properties().entrySet().stream()
        .filter(entry -> !WIRING.contains(entry.getKey().split("\\.")[0]))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static Map<String, Property> ours() {
    JsonNode metadata = JsonMapper.shared().readTree(METADATA.toFile());
    Map<String, Property> properties = new TreeMap<>();
    for (JsonNode property : metadata.get("properties")) {
      properties.put(
          property.get("name").asString(),
          new Property(
              property.path("defaultValue").asString(""), property.get("description").asString()));
    }
    return Collections.unmodifiableMap(properties);
  }
}
