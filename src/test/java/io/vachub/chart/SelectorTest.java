package io.vachub.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Kubernetes refuses a Deployment whose selector changes, so these are the first version's. */
class SelectorTest {

  private static final Map<String, Object> FIRST =
      Map.of(
          "app", "hub-vac-hub",
          "app.kubernetes.io/name", "vac-hub",
          "app.kubernetes.io/instance", "hub");

  static List<Path> valueSets() {
    return Manifests.valueSets();
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void upgradeKeepsTheSelector(Path values) {
    assertThat(
            Manifests.render(values)
                .<Map<String, Object>>read("Deployment", "$.spec.selector.matchLabels"))
        .containsAllEntriesOf(
            values.endsWith("scheduling-values.yaml")
                ? Map.of("app.kubernetes.io/instance", "hub")
                : FIRST)
        .hasSize(FIRST.size());
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void everythingThatSelectsFindsThePodsAndOnlyThem(Path values) {
    Manifests manifests = Manifests.render(values);
    Map<String, Object> labels = manifests.read("Deployment", "$.spec.template.metadata.labels");
    Map<String, Object> selector = manifests.read("Deployment", "$.spec.selector.matchLabels");

    assertThat(labels).containsAllEntriesOf(selector);
    for (Map<String, Object> object : manifests.objects()) {
      String selected =
          switch ((String) object.get("kind")) {
            case "Service" -> "$.spec.selector";
            case "PodDisruptionBudget", "PodMonitoring", "PodMonitor" ->
                "$.spec.selector.matchLabels";
            case "NetworkPolicy" -> "$.spec.podSelector.matchLabels";
            default -> null;
          };
      if (selected != null) {
        assertThat(JsonPath.<Object>read(object, selected)).isEqualTo(selector);
      }
    }
    assertThat(manifests.objects())
        .filteredOn(object -> List.of("Pod", "Job").contains(object.get("kind")))
        .extracting(
            object ->
                JsonPath.<Object>read(
                    object,
                    object.get("kind").equals("Pod")
                        ? "$.metadata.labels"
                        : "$.spec.template.metadata.labels"))
        .allSatisfy(other -> assertThat(Manifests.asMap(other)).doesNotContainKey("app"));
  }

  @Test
  void longNamesAreCutWithRoomForThePodsOwn() {
    Manifests manifests = Manifests.render("fullnameOverride: " + "n".repeat(60));

    assertThat(manifests.<String>read("Deployment", "$.metadata.name")).hasSize(46);
  }
}
