package io.vachub.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatewayTest {

  private final Manifests google = Manifests.render(Manifests.valueSet("gke-gateway"));

  @Test
  void isThereByDefaultWithTheGuidesSecretAndCanBeDoneWithoutByOneValue() {
    Manifests defaults = Manifests.render("");

    assertThat(defaults.kinds())
        .contains("PodMonitoring", "HorizontalPodAutoscaler", "Deployment", "Gateway")
        .contains("HTTPRoute", "HealthCheckPolicy", "GCPBackendPolicy");
    assertThat(defaults.<String>read("Gateway", "$.spec.listeners[0].tls.certificateRefs[0].name"))
        .isEqualTo("grpc-cert");
    assertThat(Manifests.render("gateway: {enabled: false}").kinds())
        .doesNotContain("Gateway", "HTTPRoute", "HealthCheckPolicy", "GCPBackendPolicy");
  }

  @Test
  void listensWithTheCertificate() {
    assertThat(google.<String>read("Gateway", "$.spec.gatewayClassName"))
        .isEqualTo("gke-l7-global-external-managed");
    assertThat(google.<List<Map<String, Object>>>read("Gateway", "$.spec.listeners"))
        .singleElement()
        .satisfies(
            listener ->
                assertThat(listener)
                    .containsEntry("protocol", "HTTPS")
                    .containsEntry("port", 443)
                    .containsEntry(
                        "tls",
                        Map.of(
                            "mode",
                            "Terminate",
                            "certificateRefs",
                            List.of(Map.of("name", "grpc-cert")))));
  }

  @Test
  void takesACertificateMapInsteadOfASecret() {
    Manifests manifests = Manifests.render(Manifests.valueSet("load-balancer"));

    assertThat(manifests.<Map<String, Object>>read("Gateway", "$.metadata.annotations"))
        .isEqualTo(Map.of("networking.gke.io/certmap", "vac-hub", "example.com/note", "gateway"));
    assertThat(manifests.<Map<String, Object>>read("Gateway", "$.spec.listeners[0]"))
        .doesNotContainKey("tls");
    assertThat(manifests.<List<Object>>read("Gateway", "$.spec.addresses"))
        .containsExactly(Map.of("type", "NamedAddress", "value", "vac-hub"));
  }

  /** Google's load balancers serve no GRPCRoute. */
  @Test
  void routesByHttpRoute() {
    assertThat(google.kinds()).doesNotContain("GRPCRoute");
    assertThat(google.<Object>read("HTTPRoute", "$.spec"))
        .isEqualTo(
            Map.of(
                "parentRefs",
                List.of(Map.of("name", "hub-vac-hub")),
                "hostnames",
                List.of("grpc.example.com"),
                "rules",
                List.of(
                    Map.of(
                        "matches",
                        List.of(
                            Map.of(
                                "path",
                                Map.of("type", "PathPrefix", "value", "/streaming.Streamer"))),
                        "backendRefs",
                        List.of(Map.of("name", "hub-vac-hub", "port", 50051))))));
  }

  @Test
  void checksHealthByGrpc() {
    assertThat(google.<Object>read("HealthCheckPolicy", "$.spec.default.config"))
        .isEqualTo(
            Map.of(
                "type",
                "GRPC",
                "grpcHealthCheck",
                Map.of("portSpecification", "USE_FIXED_PORT", "port", 50051)));
  }

  @Test
  void checksHealthByHttpWhereThePodsSpeakTls() {
    assertThat(
            Manifests.render(Manifests.valueSet("tls"))
                .<Object>read("HealthCheckPolicy", "$.spec.default.config"))
        .isEqualTo(
            Map.of(
                "type",
                "HTTP",
                "httpHealthCheck",
                Map.of(
                    "portSpecification",
                    "USE_FIXED_PORT",
                    "port",
                    9464,
                    "requestPath",
                    "/actuator/health/readiness")));
  }

  @Test
  void drainsConnectionsAsLongAsThePodLives() {
    int grace = google.read("Deployment", "$.spec.template.spec.terminationGracePeriodSeconds");

    assertThat(grace).isEqualTo(65);
    assertThat(google.<Object>read("GCPBackendPolicy", "$.spec.default"))
        .isEqualTo(
            Map.of("timeoutSec", 1500, "connectionDraining", Map.of("drainingTimeoutSec", grace)));
  }

  @Test
  void drainsConnectionsAsLongAsADrainIsSaidToLast() {
    assertThat(
            Manifests.render("drain: {gracePeriod: 9m}")
                .<Integer>read(
                    "GCPBackendPolicy", "$.spec.default.connectionDraining.drainingTimeoutSec"))
        .isEqualTo(545);
  }

  @Test
  void policiesPointAtTheirTargets() {
    Manifests manifests = Manifests.render(Manifests.valueSet("load-balancer"));
    Map<String, Object> service = Map.of("group", "", "kind", "Service", "name", "hub-vac-hub");

    assertThat(manifests.<Object>read("HealthCheckPolicy", "$.spec.targetRef")).isEqualTo(service);
    assertThat(manifests.<Object>read("GCPBackendPolicy", "$.spec.targetRef")).isEqualTo(service);
    assertThat(manifests.<Object>read("GCPTrafficDistributionPolicy", "$.spec.targetRefs"))
        .isEqualTo(List.of(service));
    assertThat(manifests.<Object>read("GCPGatewayPolicy", "$.spec.targetRef"))
        .isEqualTo(
            Map.of("group", "gateway.networking.k8s.io", "kind", "Gateway", "name", "hub-vac-hub"));
    assertThat(manifests.<Object>read("GCPGatewayPolicy", "$.spec.default"))
        .isEqualTo(Map.of("allowGlobalAccess", false, "sslPolicy", "modern"));
    assertThat(manifests.<Object>read("GCPTrafficDistributionPolicy", "$.spec.default"))
        .isEqualTo(
            Map.of(
                "serviceLbAlgorithm", "SPRAY_TO_REGION", "localityLbAlgorithm", "LEAST_REQUEST"));
  }

  @Test
  void attachesToAnExistingGateway() {
    Manifests manifests = Manifests.render(Manifests.valueSet("existing-gateway"));

    assertThat(manifests.kinds()).doesNotContain("Gateway").contains("GCPBackendPolicy");
    assertThat(manifests.<Object>read("HTTPRoute", "$.spec.parentRefs"))
        .isEqualTo(
            List.of(Map.of("name", "shared", "namespace", "gateways", "sectionName", "https")));
  }

  @Test
  void goesWithoutGooglesPoliciesElsewhere() {
    Manifests manifests = Manifests.render(Manifests.valueSet("envoy-gateway"));

    assertThat(manifests.kinds()).doesNotContain("HealthCheckPolicy", "GCPBackendPolicy");
    assertThat(manifests.<Map<String, Object>>read("Gateway", "$.spec.listeners[0]"))
        .containsEntry("protocol", "HTTP")
        .doesNotContainKey("tls");
    assertThat(manifests.<Object>read("HTTPRoute", "$.spec.rules[0].timeouts"))
        .isEqualTo(Map.of("request", "0s"));
  }

  @Test
  void lettingTheLoadBalancerChooseByUtilizationIsOneValue() {
    Manifests manifests = Manifests.render("gateway: {backendPolicy: {byUtilization: true}}");

    assertThat(manifests.<Map<String, Object>>read("GCPBackendPolicy", "$.spec.default"))
        .containsEntry("balancingMode", "CUSTOM_METRICS")
        .containsEntry("trafficDuration", "LONG")
        .containsEntry(
            "customMetrics",
            List.of(
                Map.of(
                    "name",
                    "gke.named_metrics.grpc-server-stream-utilization",
                    "maxUtilizationPercent",
                    25,
                    "dryRun",
                    false)));
    assertThat(
            manifests.<List<Object>>read(
                "AutoscalingMetric", "$.spec.metrics[*].pod.containers[*].metrics[*].gauge"))
        .containsExactly(
            Map.of(
                "name",
                "grpc-server-stream-utilization",
                "prometheusMetricName",
                "grpc_server_stream_utilization",
                "loadBalancing",
                Map.of("enabled", true)));
    assertThat(Manifests.render("").kinds()).doesNotContain("AutoscalingMetric");
  }

  /** Of fifteen streams, as a share of what such a pod takes, or of the target itself. */
  @ParameterizedTest
  @CsvSource({"30, 50", "0, 100"})
  void aPodAtItsTargetIsFull(int maxActive, int percent) {
    Manifests manifests =
        Manifests.render(
            "{streams: {maxActive: %d}, gateway: {backendPolicy: {byUtilization: true}}}"
                .formatted(maxActive));

    assertThat(
            manifests.<Integer>read(
                "GCPBackendPolicy", "$.spec.default.customMetrics[0].maxUtilizationPercent"))
        .isEqualTo(percent);
  }
}
