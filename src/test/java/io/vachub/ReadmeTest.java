package io.vachub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.vachub.client.ClientProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AnnotationTypeFilter;

/** README says what is: its properties and defaults, and its clients run. */
class ReadmeTest {

  /** How this application is put together, rather than how it is set. */
  private static final Set<String> WIRING = Set.of("spring", "management", "otel", "logging");

  private final String readme = read(Path.of("README.md"));

  @Test
  void tellsEveryPropertyWithItsDefault() throws Exception {
    Map<String, String> expected = new TreeMap<>(defaultsOfRecords());
    inYaml()
        .forEach((name, value) -> assertThat(expected.getOrDefault(name, value)).isEqualTo(value));
    expected.putAll(inYaml());
    assertThat(inTable()).isEqualTo(expected);
  }

  private Map<String, String> inTable() {
    return Pattern.compile(
            "^\\| `([\\w.-]+\\.[\\w.-]+)` \\| (?:`(.+?)`|none) \\|", Pattern.MULTILINE)
        .matcher(readme)
        .results()
        .collect(
            Collectors.toMap(
                row -> row.group(1), row -> orNone(row.group(2)), (a, b) -> a, TreeMap::new));
  }

  private static Map<String, String> inYaml() {
    return ApplicationYaml.properties().entrySet().stream()
        .filter(entry -> !WIRING.contains(entry.getKey().split("\\.")[0]))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static Map<String, String> defaultsOfRecords() throws ClassNotFoundException {
    var scanner = new ClassPathScanningCandidateComponentProvider(false);
    scanner.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
    Map<String, String> defaults = new TreeMap<>();
    for (var candidate : scanner.findCandidateComponents("io.vachub")) {
      Class<?> type = Class.forName(candidate.getBeanClassName());
      String prefix = type.getAnnotation(ConfigurationProperties.class).value();
      var components = type.getRecordComponents();
      var parameters = type.getDeclaredConstructors()[0].getParameters();
      for (int i = 0; i < components.length; i++) {
        DefaultValue value = parameters[i].getAnnotation(DefaultValue.class);
        defaults.put(
            prefix + "." + dashed(components[i].getName()),
            value == null ? "" : String.join(",", value.value()));
      }
    }
    return defaults;
  }

  private static String dashed(String camelCase) {
    return camelCase.replaceAll("(?=[A-Z])", "-").toLowerCase();
  }

  private static String orNone(String value) {
    return value == null ? "" : value;
  }

  @Test
  void itsFirstPythonClientPrintsTheCount() throws Exception {
    try (TestServer server = TestServer.start()) {
      assertThat(runPython(server, python().get(0))).isEqualTo("10\n");
    }
  }

  @Test
  void itsPythonClientGoesOnAfterEachHandoff() throws Exception {
    try (TestServer server = TestServer.start("vachub.handoff.max-stream-age=500ms")) {
      String slowly =
          python().get(1).replace("range(10_000):", "range(1_000):\n        time.sleep(0.002)");
      String printed =
          run(
              ClientProgram.PYTHON.program(
                  List.of("python3", "-c", "import time\n" + at(server, slowly))));
      assertThat(printed).startsWith("1000 ").contains("'age': ", "'completed': 1");
      assertProcessedOnce(server, 1_000);
    }
  }

  @Test
  void itsJavaClientGoesOnAfterEachHandoff() throws Exception {
    String source = read(Path.of("src/test/java/io/vachub/HandoffClient.java"));
    String shown =
        blocks("java").stream().filter(block -> block.contains("send(")).findFirst().orElseThrow();
    for (String part : shown.split("\n\n")) {
      assertThat(source).contains(part.strip());
    }
    try (TestServer server = TestServer.start("vachub.handoff.max-stream-age=100ms")) {
      List<String> texts = IntStream.range(0, 100_000).mapToObj(i -> "hello " + i).toList();
      assertThat(HandoffClient.send(texts, server::channel)).isEqualTo(texts.size());
      assertProcessedOnce(server, texts.size());
    }
  }

  private static void assertProcessedOnce(TestServer server, int messages) {
    assertThat(server.metric("app_message_processed_count_total")).isEqualTo(messages);
    assertThat(server.metric("vachub_streams_handed_off_total{client=\"accepts\",reason=\"age\"}"))
        .isPositive();
    assertThat(server.metric("vachub_streams_cut_total")).isZero();
  }

  /** What a Python client that is shown in README prints. */
  private static String runPython(TestServer server, String script)
      throws IOException, InterruptedException {
    assumeThat(new ProcessBuilder("python3", "-c", "import grpc_tools").start().waitFor())
        .as("Python with grpcio-tools (pip install grpcio grpcio-tools)")
        .isZero();
    return run(new ProcessBuilder("python3", "-c", at(server, script)));
  }

  private static String at(TestServer server, String script) {
    return script.replace("localhost:50051", "localhost:" + server.grpcPort());
  }

  private static String run(ProcessBuilder program) throws IOException, InterruptedException {
    Process client = program.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String output = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(client.waitFor()).isZero();
    return output;
  }

  private List<String> python() {
    return blocks("python");
  }

  private List<String> blocks(String language) {
    return Pattern.compile("^```" + language + "\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL)
        .matcher(readme)
        .results()
        .map(block -> block.group(1))
        .toList();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
