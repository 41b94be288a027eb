package io.vachub.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.vachub.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.util.FileSystemUtils;
import org.yaml.snakeyaml.Yaml;

/** kustomize inflates the chart as the chart's README says. It needs kubectl and Helm. */
class KustomizeTest {

  private static final Pattern SNIPPET =
      Pattern.compile("^    helmCharts:\n(?:     .*\n)+", Pattern.MULTILINE);

  @TempDir Path directory;

  static List<Path> valueSets() {
    return Manifests.valueSets();
  }

  @BeforeEach
  void copyChart() throws IOException, InterruptedException {
    assumeThat(Commands.succeeds("kubectl", "version", "--client")).as("there is kubectl").isTrue();
    assumeThat(Commands.succeeds("helm", "version")).as("there is Helm").isTrue();
    FileSystemUtils.copyRecursively(Manifests.CHART, directory.resolve("charts/vac-hub"));
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void makesWhatHelmMakes(Path values) throws IOException, InterruptedException {
    Files.copy(values, directory.resolve("values.yaml"));
    Files.writeString(
        directory.resolve("kustomization.yaml"),
        """
        helmGlobals: {chartHome: charts}
        helmCharts:
          - {name: vac-hub, releaseName: hub, namespace: streams, kubeVersion: %s,
             skipTests: true, valuesFile: values.yaml}
        """
            .formatted(Manifests.KUBERNETES));

    List<Map<String, Object>> expected = new ArrayList<>(Manifests.render(values).objects());
    expected.removeIf(object -> object.get("kind").equals("Pod"));
    assertThat(build()).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void readmesLinesAreAKustomization() throws IOException, InterruptedException {
    List<String> snippets =
        SNIPPET
            .matcher(Files.readString(Manifests.CHART.resolve("README.md")))
            .results()
            .map(MatchResult::group)
            .toList();
    assertThat(snippets).hasSize(1);
    Files.writeString(directory.resolve("kustomization.yaml"), snippets.get(0).stripIndent());

    assertThat(build())
        .extracting(object -> object.get("kind"))
        .contains("Deployment", "HorizontalPodAutoscaler", "Gateway")
        .doesNotContain("Pod");
  }

  private List<Map<String, Object>> build() throws IOException, InterruptedException {
    Path output = directory.resolve("output.yaml");
    Path errors = directory.resolve("errors.txt");
    Process kustomize =
        new ProcessBuilder("kubectl", "kustomize", "--enable-helm", directory.toString())
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .start();
    assertThat(kustomize.waitFor()).as(Files.readString(errors)).isZero();
    List<Map<String, Object>> objects = new ArrayList<>();
    for (Object document : new Yaml().loadAll(Files.readString(output))) {
      objects.add(Manifests.asMap(document));
    }
    return objects;
  }
}
