package io.vachub.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.comments.CommentLine;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The chart's README tells every template and every value. Its table of values is made from
 * values.yaml: {@code mvn test -Dtest=ReadmeTest -Dreadme.write} writes it anew.
 */
class ReadmeTest {

  private static final Path README = Manifests.CHART.resolve("README.md");
  private static final Pattern TABLE =
      Pattern.compile("(?<=<!-- values -->\n).*(?=<!-- /values -->)", Pattern.DOTALL);

  @Test
  void tableOfValuesIsThatOfTheValues() throws IOException {
    String readme = Files.readString(README);
    String table = "\n| value | default | |\n|---|---|---|\n" + String.join("", rows()) + "\n";
    if (System.getProperty("readme.write") != null) {
      readme = TABLE.matcher(readme).replaceFirst(Matcher.quoteReplacement(table));
      Files.writeString(README, readme);
    }

    assertThat(TABLE.matcher(readme).results().map(result -> result.group()))
        .containsExactly(table);
  }

  @Test
  void everyTemplateIsTold() throws IOException {
    String readme = Files.readString(README);
    Path templates = Manifests.CHART.resolve("templates");
    try (Stream<Path> files = Files.walk(templates)) {
      assertThat(files.filter(file -> file.toString().endsWith(".yaml")))
          .isNotEmpty()
          .allSatisfy(
              file -> assertThat(readme).contains("| `" + templates.relativize(file) + "` |"));
    }
  }

  private static List<String> rows() throws IOException {
    LoaderOptions options = new LoaderOptions();
    options.setProcessComments(true);
    String values = Files.readString(Manifests.CHART.resolve("values.yaml"));
    MappingNode commented = (MappingNode) new Yaml(options).compose(new StringReader(values));
    List<String> rows = new ArrayList<>();
    addRows(commented, new Yaml().load(values), "", rows);
    return rows;
  }

  /** A row per commented value; what is not commented must be a group of such. */
  private static void addRows(
      MappingNode node, Map<String, Object> values, String prefix, List<String> rows) {
    for (NodeTuple tuple : node.getValue()) {
      String name = ((ScalarNode) tuple.getKeyNode()).getValue();
      String path = prefix + name;
      String comment = comment(tuple.getKeyNode());
      if (!comment.isEmpty()) {
        rows.add("| `%s` | %s | %s |\n".formatted(path, shown(values.get(name)), comment));
      } else {
        assertThat(tuple.getValueNode()).as("no comment: " + path).isInstanceOf(MappingNode.class);
        addRows(
            (MappingNode) tuple.getValueNode(),
            Manifests.asMap(values.get(name)),
            path + ".",
            rows);
      }
    }
  }

  private static String comment(Node key) {
    List<CommentLine> lines = key.getBlockComments();
    String text =
        lines == null
            ? ""
            : lines.stream().map(line -> line.getValue().strip()).collect(Collectors.joining(" "));
    return text.contains("-- ") ? text.substring(text.indexOf("-- ") + 3).replace("|", "\\|") : "";
  }

  private static String shown(Object value) {
    String json = JsonMapper.shared().writeValueAsString(value);
    return json.length() <= 60 ? "`" + json + "`" : "see [values.yaml](values.yaml)";
  }
}
