package io.vachub.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AutoscalingTest {

  private static final String HPA = "HorizontalPodAutoscaler";

  @ParameterizedTest
  @CsvSource({
    "default, prometheus.googleapis.com|grpc_server_active_streams|gauge",
    "gke-native, autoscaling.gke.io|hub-vac-hub|grpc-server-active-streams",
    "prometheus-adapter, grpc_server_active_streams",
  })
  void scalesByCpuAndByTheStreamsOfTheChosenSource(String valueSet, String metric) {
    Manifests manifests = Manifests.render(Manifests.valueSet(valueSet));

    assertThat(manifests.<List<Object>>read(HPA, "$.spec.metrics"))
        .containsExactly(
            Map.of(
                "type",
                "Resource",
                "resource",
                Map.of(
                    "name",
                    "cpu",
                    "target",
                    Map.of("type", "Utilization", "averageUtilization", 80))),
            Map.of(
                "type",
                "Pods",
                "pods",
                Map.of(
                    "metric",
                    Map.of("name", metric),
                    "target",
                    Map.of("type", "AverageValue", "averageValue", "15"))));
    assertThat(manifests.kinds()).doesNotContain("ScaledObject");
  }

  @Test
  void scalesTheDeploymentBetweenItsBounds() {
    Map<String, Object> spec = Manifests.render("").read(HPA, "$.spec");

    assertThat(spec)
        .containsEntry(
            "scaleTargetRef",
            Map.of("apiVersion", "apps/v1", "kind", "Deployment", "name", "hub-vac-hub"))
        .containsEntry("minReplicas", 3)
        .containsEntry("maxReplicas", 10);
  }

  @Test
  void goesOutAtOnceAndInSlowly() {
    Map<String, Object> behavior = Manifests.render("").read(HPA, "$.spec.behavior");

    assertThat(Manifests.asMap(behavior.get("scaleUp")))
        .containsEntry("stabilizationWindowSeconds", 0);
    assertThat(Manifests.asMap(behavior.get("scaleDown")))
        .containsEntry("stabilizationWindowSeconds", 300)
        .containsEntry(
            "policies", List.of(Map.of("type", "Pods", "value", 1, "periodSeconds", 60)));
  }

  @Test
  void canScaleByStreamsAlone() {
    assertThat(
            Manifests.render("autoscaling: {targetCPUUtilizationPercentage: 0}")
                .<List<Object>>read(HPA, "$.spec.metrics[*].type"))
        .containsExactly("Pods");
  }

  /** Its metric names take no underscores and its selectors no dots or slashes. */
  @Test
  void gkeNativeNamesMeetItsRules() {
    Map<String, Object> pod =
        Manifests.render("autoscaling: {metricsFrom: gke-native}")
            .read("AutoscalingMetric", "$.spec.metrics[0].pod");

    assertThat(pod.get("selector")).isEqualTo(Map.of("matchLabels", Map.of("app", "hub-vac-hub")));
    assertThat(pod.get("containers"))
        .isEqualTo(
            List.of(
                Map.of(
                    "endpoint",
                    Map.of("port", 9464, "path", "/actuator/prometheus"),
                    "metrics",
                    List.of(
                        Map.of(
                            "gauge",
                            Map.of(
                                "name",
                                "grpc-server-active-streams",
                                "prometheusMetricName",
                                "grpc_server_active_streams"))))));
  }

  /** The sum of the streams, which the HPA divides by the target itself. */
  @Test
  void gkeCanAskCloudMonitoringWithoutAnAdapter() {
    Manifests manifests = Manifests.render(Manifests.valueSet("gke-promql"));

    assertThat(manifests.<List<Object>>read("AutoscalingMetric", "$.spec.metrics"))
        .containsExactly(
            Map.of(
                "promql",
                Map.of(
                    "name",
                    "grpc-server-active-streams",
                    "query",
                    "sum(grpc_server_active_streams{namespace=\"streams\","
                        + "pod=~\"hub-vac-hub-[a-z0-9]+-[a-z0-9]{5}\"})")));
    assertThat(manifests.<Object>read(HPA, "$.spec.metrics[1]"))
        .isEqualTo(
            Map.of(
                "type",
                "External",
                "external",
                Map.of(
                    "metric",
                    Map.of("name", "autoscaling.gke.io|hub-vac-hub|grpc-server-active-streams"),
                    "target",
                    Map.of("type", "AverageValue", "averageValue", "15"))));
  }

  @Test
  void kedaTakesThePlaceOfTheAutoscaler() {
    Manifests manifests = Manifests.render(Manifests.valueSet("keda"));

    assertThat(manifests.kinds()).contains("ScaledObject").doesNotContain(HPA);
    assertThat(manifests.<Map<String, Object>>read("ScaledObject", "$.spec"))
        .containsEntry("scaleTargetRef", Map.of("name", "hub-vac-hub"))
        .containsEntry("minReplicaCount", 3)
        .containsEntry("maxReplicaCount", 10);
    assertThat(manifests.<Map<String, Object>>read("ScaledObject", "$.spec.triggers[1].metadata"))
        .containsEntry("serverAddress", "http://prometheus-server.monitoring")
        .containsEntry("threshold", "15")
        .containsEntry("ignoreNullValues", "false")
        .containsEntry(
            "query",
            "sum(grpc_server_active_streams{namespace=\"streams\","
                + "pod=~\"hub-vac-hub-[a-z0-9]+-[a-z0-9]{5}\"})");
    assertThat(
            manifests.<Map<String, Object>>read(
                "ScaledObject", "$.spec.advanced.horizontalPodAutoscalerConfig.behavior"))
        .containsKeys("scaleUp", "scaleDown");
  }

  @Test
  void withoutAutoscalingThereIsNoAutoscaler() {
    assertThat(Manifests.render("autoscaling: {enabled: false, metricsFrom: gke-native}").kinds())
        .doesNotContain(HPA, "ScaledObject", "AutoscalingMetric");
  }
}
