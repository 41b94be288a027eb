package io.vachub.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MonitoringTest {

  private static final String ANNOTATIONS = "$.spec.template.metadata.annotations";

  /** The metrics adapter adds up what two scrapers see. */
  @ParameterizedTest
  @CsvSource({
    "PodMonitoring, PodMonitoring",
    "PodMonitor, PodMonitor",
    "annotations, Deployment",
    "none, ''"
  })
  void oneThingAtMostScrapesAPod(String scrape, String expected) {
    Manifests manifests =
        Manifests.render(
            "{monitoring: {scrape: %s}, autoscaling: {metricsFrom: prometheus-adapter}}"
                .formatted(scrape));

    Set<String> scrapers = new TreeSet<>(manifests.kinds());
    scrapers.retainAll(Set.of("PodMonitoring", "PodMonitor"));
    if (manifests
        .<Map<String, Object>>read("Deployment", ANNOTATIONS)
        .containsKey("prometheus.io/scrape")) {
      scrapers.add("Deployment");
    }
    assertThat(String.join(" ", scrapers)).isEqualTo(expected);
  }

  @Test
  void managedPrometheusReadsTheMetricsPortByName() {
    assertThat(Manifests.render("").<List<Object>>read("PodMonitoring", "$.spec.endpoints"))
        .containsExactly(
            Map.of("port", "metrics", "path", "/actuator/prometheus", "interval", "15s"));
  }

  @Test
  void podMonitorCarriesTheLabelsThatItsOperatorSelectsBy() {
    Manifests manifests = Manifests.render(Manifests.valueSet("prometheus-operator"));

    assertThat(manifests.<Map<String, Object>>read("PodMonitor", "$.metadata.labels"))
        .containsEntry("release", "prometheus");
    assertThat(manifests.<List<Object>>read("PodMonitor", "$.spec.podMetricsEndpoints"))
        .containsExactly(
            Map.of("port", "metrics", "path", "/actuator/prometheus", "interval", "15s"));
  }

  @Test
  void annotationsNamePortAndPath() {
    assertThat(
            Manifests.render(Manifests.valueSet("prometheus-adapter"))
                .<Map<String, Object>>read("Deployment", ANNOTATIONS))
        .containsEntry("prometheus.io/port", "9464")
        .containsEntry("prometheus.io/path", "/actuator/prometheus");
  }

  @ParameterizedTest
  @CsvSource({
    "Rules, monitoring.googleapis.com/v1",
    "PrometheusRule, monitoring.coreos.com/v1",
  })
  void alertsKnowTheReleaseAndItsBounds(String kind, String apiVersion) {
    Manifests manifests =
        Manifests.render(
            "{alerts: {kind: %s}, autoscaling: {maxReplicas: 7, targetStreamsPerPod: 21}}"
                .formatted(kind));

    assertThat(manifests.the(kind)).containsEntry("apiVersion", apiVersion);
    List<Map<String, Object>> rules = manifests.read(kind, "$.spec.groups[0].rules");
    assertThat(rules)
        .extracting(rule -> rule.get("alert"))
        .containsExactly(
            "VacHubStreamsCut",
            "VacHubStreamsLostWithPods",
            "VacHubStreamsEndedFromOutside",
            "VacHubStreamsImbalanced",
            "VacHubAtMaxReplicas",
            "VacHubNoMetric");
    assertThat(rules)
        .allSatisfy(
            rule ->
                assertThat((String) rule.get("expr"))
                    .contains("namespace=\"streams\",pod=~\"hub-vac-hub-"));
    assertThat((String) rules.get(4).get("expr")).contains(">= 7").contains("> 21");
  }

  @Test
  void withoutAutoscalingThereIsNoMaximumToReach() {
    assertThat(
            Manifests.render("{alerts: {kind: Rules}, autoscaling: {enabled: false}}")
                .<List<String>>read("Rules", "$.spec.groups[0].rules[*].alert"))
        .contains("VacHubStreamsCut", "VacHubNoMetric")
        .doesNotContain("VacHubAtMaxReplicas");
  }

  @Test
  void grafanasSidecarFindsTheDashboard() {
    Manifests manifests = Manifests.render(Manifests.valueSet("prometheus-operator"));

    assertThat(manifests.<Map<String, Object>>read("ConfigMap", "$.metadata.labels"))
        .containsEntry("grafana_dashboard", "1");
    String dashboard = manifests.read("ConfigMap", "$.data['vac-hub.json']");
    assertThat(JsonPath.<String>read(dashboard, "$.uid")).isEqualTo("vac-hub");
  }

  @ParameterizedTest
  @ValueSource(strings = {"grafana.json", "cloud-monitoring.json"})
  void dashboardsShowEveryChartOfTheGuide(String file) throws IOException {
    String dashboard = Files.readString(Manifests.CHART.resolve("dashboards").resolve(file));
    List<String> titles = JsonPath.read(dashboard, "$..title");

    assertThat(titles)
        .contains("Streams per pod", "Call duration", "Messages per second")
        .anyMatch(title -> title.startsWith("Pods"))
        .anyMatch(title -> title.startsWith("Imbalance"))
        .anyMatch(title -> title.startsWith("Handoffs"))
        .anyMatch(title -> title.contains("ut in the last hour") || title.startsWith("Streams cut"))
        .anyMatch(title -> title.toLowerCase().contains("rejected"));
    assertThat(metricsIn(dashboard))
        .containsExactlyInAnyOrder(
            "grpc_server_active_streams",
            "grpc_server_call_duration_seconds",
            "app_message_processed_count_total",
            "vachub_streams_handed_off_total",
            "vachub_streams_cut_total",
            "vachub_streams_ended_total",
            "vachub_streams_rejected_total");
  }

  @Test
  void grafanasPanelsDoNotOverlap() throws IOException {
    String dashboard = Files.readString(Manifests.CHART.resolve("dashboards/grafana.json"));
    List<Map<String, Integer>> positions = JsonPath.read(dashboard, "$.panels[*].gridPos");
    Set<String> cells = new TreeSet<>();

    for (Map<String, Integer> at : positions) {
      assertThat(at.get("x") + at.get("w")).isLessThanOrEqualTo(24);
      for (int x = at.get("x"); x < at.get("x") + at.get("w"); x++) {
        for (int y = at.get("y"); y < at.get("y") + at.get("h"); y++) {
          assertThat(cells.add(x + "/" + y)).as("%s", at).isTrue();
        }
      }
    }
  }

  private static Set<String> metricsIn(String text) {
    Set<String> metrics = new TreeSet<>();
    Pattern.compile("\\b(grpc_server|app|vachub)_[a-z_]+")
        .matcher(text)
        .results()
        .forEach(match -> metrics.add(match.group().replaceFirst("_bucket$", "")));
    return metrics;
  }
}
