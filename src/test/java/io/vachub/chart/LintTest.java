package io.vachub.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

class LintTest {

  static List<Path> valueSets() {
    return Manifests.valueSets();
  }

  @Test
  void strictLintFindsNothing() {
    LintResult result = new Helm(Manifests.CHART).lint().strict().call();

    assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
    assertThat(result.getMessages()).noneMatch(message -> message.startsWith("[WARNING]"));
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void everyObjectOfTheChartsOwnIsNamedLabelledAndInNobodysNamespace(Path values) {
    Manifests manifests = Manifests.render(values);

    assertThat(manifests.objects())
        .hasSizeGreaterThanOrEqualTo(3)
        .filteredOn(object -> !isExtra(object))
        .allSatisfy(
            object -> {
              Map<String, Object> metadata = Manifests.asMap(object.get("metadata"));
              assertThat(metadata).doesNotContainKey("namespace");
              assertThat((String) metadata.get("name")).matches("[a-z][a-z0-9-]{0,62}");
              assertThat(Manifests.asMap(metadata.get("labels")))
                  .containsEntry("app.kubernetes.io/instance", "hub")
                  .containsEntry("app.kubernetes.io/name", "vac-hub")
                  .containsEntry("app.kubernetes.io/managed-by", "Helm");
            });
    assertThat(manifests.objects())
        .extracting(object -> object.get("kind") + "/" + object.get("metadata"))
        .doesNotHaveDuplicates();
  }

  /** Argo CD and Flux render again and again, and apply what differs. */
  @ParameterizedTest
  @MethodSource("valueSets")
  void eachRenderingIsTheSame(Path values) {
    assertThat(Manifests.text(Manifests.CHART, "hub", "streams", values))
        .isEqualTo(Manifests.text(Manifests.CHART, "hub", "streams", values));
  }

  /** What differs between an installation and an upgrade, or between clusters, would drift. */
  @Test
  void noTemplateAsksForTheTimeChanceOrTheCluster() throws IOException {
    try (Stream<Path> files = Files.walk(Manifests.CHART.resolve("templates"))) {
      assertThat(files.filter(Files::isRegularFile))
          .isNotEmpty()
          .allSatisfy(
              file ->
                  assertThat(file)
                      .content()
                      .doesNotContainPattern(
                          "[({|] ?(lookup|now|rand[A-Z]\\w+|shuffle|uuidv4|gen(CA|Priv|Self|Signed)\\w*"
                              + "|htpasswd|bcrypt)\\b|IsInstall|IsUpgrade|APIVersions"));
    }
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void oneOwnerSaysHowManyPodsThereAre(Path values) {
    Manifests manifests = Manifests.render(values);
    boolean fixed =
        Manifests.asMap(manifests.the("Deployment").get("spec")).containsKey("replicas");

    assertThat(
            (fixed ? 1 : 0)
                + Collections.frequency(manifests.kinds(), "HorizontalPodAutoscaler")
                + Collections.frequency(manifests.kinds(), "ScaledObject"))
        .isEqualTo(1);
  }

  /** Of {@code extraObjects}, which bring what they want. */
  static boolean isExtra(Map<String, Object> object) {
    return object.get("kind").equals("Ingress")
        || Manifests.asMap(object.get("metadata")).get("name").equals("extra");
  }

  @Test
  void chartAndApplicationHaveTheVersionOfTheProject() throws IOException {
    Map<String, Object> chart =
        new Yaml().load(Files.readString(Manifests.CHART.resolve("Chart.yaml")));
    String version = "<version>" + chart.get("version") + "(-SNAPSHOT)?</version>";

    assertThat(Files.readString(Path.of("pom.xml")))
        .containsPattern("<artifactId>vac-hub</artifactId>\\s*" + version);
    assertThat(chart.get("appVersion")).isEqualTo(chart.get("version"));
  }
}
