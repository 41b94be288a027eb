package io.vachub.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServiceTest {

  @Test
  void speaksHttp2InPlaintext() {
    assertThat(Manifests.render("").<List<Object>>read("Service", "$.spec.ports"))
        .containsExactly(
            Map.of(
                "name",
                "grpc",
                "port",
                50051,
                "targetPort",
                "grpc",
                "appProtocol",
                "kubernetes.io/h2c"));
  }

  @Test
  void speaksHttp2OverTlsWhereThePodsDo() {
    assertThat(
            Manifests.render("tls: {secretName: t}")
                .<String>read("Service", "$.spec.ports[0].appProtocol"))
        .isEqualTo("HTTP2");
  }

  @Test
  void headlessServiceIsWherePodsLookForPeers() {
    Manifests manifests = Manifests.render("");
    Map<String, Object> headless = manifests.named("Service", "hub-vac-hub-headless");

    assertThat(JsonPath.<String>read(headless, "$.spec.clusterIP")).isEqualTo("None");
    assertThat(JsonPath.<List<Object>>read(headless, "$.spec.ports[*].port"))
        .containsExactly(50051, 9464);
    assertThat(manifests.environment().get("VACHUB_REBALANCE_PEERS"))
        .isEqualTo(JsonPath.read(headless, "$.metadata.name") + ":9464");
  }

  @Test
  void podDisruptionBudgetLetsGoOfOnePodAtATime() {
    assertThat(Manifests.render("").<Map<String, Object>>read("PodDisruptionBudget", "$.spec"))
        .containsEntry("maxUnavailable", 1)
        .containsEntry("unhealthyPodEvictionPolicy", "AlwaysAllow");
  }

  @Test
  void serviceAccountIsMadeAndUsedWithoutAToken() {
    Manifests manifests = Manifests.render("serviceAccount: {annotations: {a: b}}");

    assertThat(manifests.the("ServiceAccount"))
        .containsEntry("automountServiceAccountToken", false);
    assertThat(manifests.<Object>read("ServiceAccount", "$.metadata.annotations"))
        .isEqualTo(Map.of("a", "b"));
    assertThat(manifests.<String>read("Deployment", "$.spec.template.spec.serviceAccountName"))
        .isEqualTo("hub-vac-hub");
    assertThat(
            Manifests.render(Manifests.valueSet("fixed"))
                .<String>read("Deployment", "$.spec.template.spec.serviceAccountName"))
        .isEqualTo("default");
  }

  @Test
  void offMeansAbsent() {
    assertThat(Manifests.render(Manifests.valueSet("fixed")).kinds())
        .containsExactlyInAnyOrder("Service", "Service", "Deployment");
  }
}
