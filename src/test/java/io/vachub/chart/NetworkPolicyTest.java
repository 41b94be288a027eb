package io.vachub.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class NetworkPolicyTest {

  private static final Map<String, Object> POD_SELECTOR =
      Map.of(
          "podSelector",
          Map.of(
              "matchLabels",
              Map.of(
                  "app", "hub-vac-hub",
                  "app.kubernetes.io/name", "vac-hub",
                  "app.kubernetes.io/instance", "hub")));
  private static final Object SCRAPERS =
      Map.of(
          "namespaceSelector",
          Map.of(
              "matchExpressions",
              List.of(
                  Map.of(
                      "key",
                      "kubernetes.io/metadata.name",
                      "operator",
                      "In",
                      "values",
                      List.of("gmp-system", "gke-gmp-system", "monitoring")))));
  private static final Object GOOGLE_1 = Map.of("ipBlock", Map.of("cidr", "35.191.0.0/16"));
  private static final Object GOOGLE_2 = Map.of("ipBlock", Map.of("cidr", "130.211.0.0/22"));

  @Test
  void letsInClientsPeersAndScrapersOnly() {
    assertThat(spec("prometheus-adapter"))
        .containsEntry("policyTypes", List.of("Ingress"))
        .containsEntry(
            "ingress",
            List.of(
                rule("grpc", Map.of("podSelector", Map.of())),
                rule("metrics", POD_SELECTOR, SCRAPERS)))
        .doesNotContainKey("egress");
  }

  @Test
  void letsInTheLoadBalancerBehindAGateway() {
    assertThat(spec("gke-gateway").get("ingress"))
        .isEqualTo(
            List.of(
                rule("grpc", Map.of("podSelector", Map.of())),
                rule("grpc", GOOGLE_1, GOOGLE_2),
                rule("metrics", POD_SELECTOR, SCRAPERS)));
  }

  @Test
  void letsInTheHealthCheckByHttpWhereThePodsSpeakTls() {
    assertThat(spec("tls").get("ingress"))
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .contains(
            Map.of(
                "from",
                List.of(GOOGLE_1, GOOGLE_2),
                "ports",
                List.of(Map.of("port", "grpc"), Map.of("port", "metrics"))));
  }

  @Test
  void withoutScrapersThePeersStillReadEachOther() {
    assertThat(spec("existing-gateway").get("ingress"))
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .contains(rule("metrics", POD_SELECTOR));
  }

  @Test
  void letsOutDnsThePeersAndWhatIsNamed() {
    Map<String, Object> spec = spec("egress");

    assertThat(spec.get("policyTypes")).isEqualTo(List.of("Ingress", "Egress"));
    assertThat(spec.get("egress"))
        .isEqualTo(
            List.of(
                Map.of(
                    "ports",
                    List.of(
                        Map.of("port", 53, "protocol", "UDP"),
                        Map.of("port", 53, "protocol", "TCP"))),
                Map.of("to", List.of(POD_SELECTOR), "ports", List.of(Map.of("port", "metrics"))),
                Map.of(
                    "to",
                    List.of(
                        Map.of(
                            "namespaceSelector",
                            Map.of(
                                "matchLabels",
                                Map.of("kubernetes.io/metadata.name", "telemetry")))),
                    "ports",
                    List.of(Map.of("port", 4318)))));
  }

  private static Map<String, Object> spec(String valueSet) {
    return Manifests.render(Manifests.valueSet(valueSet)).read("NetworkPolicy", "$.spec");
  }

  private static Map<String, Object> rule(String port, Object... from) {
    return Map.of("from", List.of(from), "ports", List.of(Map.of("port", port)));
  }
}
