package io.vachub.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DeploymentTest {

  private static final String POD = "$.spec.template.spec";
  private static final String SERVER = POD + ".containers[0]";

  static List<Path> valueSets() {
    return Manifests.valueSets();
  }

  private final Manifests defaults = Manifests.render(Manifests.valueSet("default"));

  @Test
  void namesItsPorts() {
    assertThat(this.<List<Object>>read(SERVER + ".ports"))
        .containsExactly(
            Map.of("name", "grpc", "containerPort", 50051),
            Map.of("name", "metrics", "containerPort", 9464));
  }

  @Test
  void probesTheActuator() {
    assertThat(this.<Object>read(SERVER + ".livenessProbe.httpGet"))
        .isEqualTo(Map.of("path", "/actuator/health/liveness", "port", "metrics"));
    assertThat(this.<Object>read(SERVER + ".readinessProbe.httpGet"))
        .isEqualTo(Map.of("path", "/actuator/health/readiness", "port", "metrics"));
  }

  @Test
  void isReadyAtOnceWhenItHasStarted() {
    Map<String, Object> startup = read(SERVER + ".startupProbe");

    assertThat(startup)
        .containsEntry("httpGet", read(SERVER + ".readinessProbe.httpGet"))
        .containsEntry("periodSeconds", 1)
        .doesNotContainKey("initialDelaySeconds");
    assertThat(this.<Map<String, Object>>read(SERVER + ".readinessProbe"))
        .doesNotContainKey("initialDelaySeconds");
  }

  @Test
  void readinessCanBeAskedByGrpc() {
    Map<String, Object> probe =
        Manifests.render("readinessProbe: {type: grpc}")
            .read("Deployment", SERVER + ".readinessProbe");

    assertThat(probe)
        .containsEntry("grpc", Map.of("port", 50051))
        .doesNotContainKeys("httpGet", "type");
  }

  @Test
  void leavesTheNumberOfPodsToTheAutoscaler() {
    assertThat(this.<Map<String, Object>>read("$.spec")).doesNotContainKey("replicas");
    assertThat(
            Manifests.render(Manifests.valueSet("fixed"))
                .<Integer>read("Deployment", "$.spec.replicas"))
        .isEqualTo(2);
  }

  @Test
  void neverRollsOutWithFewerPodsThanAskedFor() {
    assertThat(this.<Integer>read("$.spec.strategy.rollingUpdate.maxUnavailable")).isZero();
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void everyPodMeetsTheRestrictedPodSecurityStandard(Path values) {
    for (Map<String, Object> pod : Manifests.render(values).podSpecs()) {
      assertThat(pod).containsEntry("automountServiceAccountToken", false);
      assertThat(Manifests.asMap(pod.get("securityContext")))
          .containsEntry("runAsNonRoot", true)
          .containsEntry("runAsUser", 65532)
          .containsEntry("seccompProfile", Map.of("type", "RuntimeDefault"));
      assertThat(pod.get("containers"))
          .asInstanceOf(InstanceOfAssertFactories.LIST)
          .allSatisfy(
              container ->
                  assertThat(Manifests.asMap(Manifests.asMap(container).get("securityContext")))
                      .containsEntry("allowPrivilegeEscalation", false)
                      .containsEntry("readOnlyRootFilesystem", true)
                      .containsEntry("capabilities", Map.of("drop", List.of("ALL"))));
    }
  }

  @Test
  void writesOnlyToTmp() {
    assertThat(this.<List<Object>>read(SERVER + ".volumeMounts"))
        .containsExactly(Map.of("name", "tmp", "mountPath", "/tmp"));
    assertThat(this.<List<Object>>read(POD + ".volumes"))
        .containsExactly(Map.of("name", "tmp", "emptyDir", Map.of("sizeLimit", "64Mi")));
  }

  /** A Service named grpc-server would put GRPC_SERVER_PORT=tcp://... into the environment. */
  @Test
  void takesNoServiceLinks() {
    assertThat(this.<Boolean>read(POD + ".enableServiceLinks")).isFalse();
  }

  @Test
  void spreadsOverZonesAndHosts() {
    List<Map<String, Object>> constraints = read(POD + ".topologySpreadConstraints");

    assertThat(constraints)
        .extracting(constraint -> constraint.get("topologyKey"))
        .containsExactlyInAnyOrder("topology.kubernetes.io/zone", "kubernetes.io/hostname");
    assertThat(constraints)
        .allSatisfy(
            constraint ->
                assertThat(constraint)
                    .containsEntry("maxSkew", 1)
                    .containsEntry("labelSelector", read("$.spec.selector")));
  }

  @ParameterizedTest
  @CsvSource({"60s, 65", "2m, 125", "61500ms, 67", "9m, 545"})
  void terminationGraceFollowsTheDrain(String gracePeriod, int expected) {
    Manifests manifests = Manifests.render("drain: {gracePeriod: %s}".formatted(gracePeriod));

    assertThat(manifests.<Integer>read("Deployment", POD + ".terminationGracePeriodSeconds"))
        .isEqualTo(expected);
    assertThat(manifests.environment())
        .containsEntry("GRPC_SERVER_SHUTDOWNGRACEPERIOD", gracePeriod);
  }

  @Test
  void requestsAndLimitsAreTheGuides() {
    assertThat(this.<Object>read(SERVER + ".resources"))
        .isEqualTo(
            Map.of(
                "requests", Map.of("cpu", "500m", "memory", "512Mi", "ephemeral-storage", "256Mi"),
                "limits", Map.of("cpu", "1", "memory", "1Gi")));
  }

  @Test
  void setsTheServicesProperties() {
    assertThat(defaults.environment())
        .containsEntry("GRPC_SERVER_MAXCONNECTIONAGE", "30m")
        .containsEntry("GRPC_SERVER_MAXCONNECTIONAGEGRACE", "60s")
        .containsEntry("GRPC_SERVER_REFLECTIONSERVICEENABLED", "false")
        .containsEntry("VACHUB_STREAMS_MAXACTIVE", "60")
        .containsEntry("VACHUB_HANDOFF_ENABLED", "true")
        .containsEntry("VACHUB_HANDOFF_MAXSTREAMAGE", "20m")
        .containsEntry("VACHUB_HANDOFF_MARGIN", "5s")
        .containsEntry("VACHUB_REBALANCE_PEERS", "hub-vac-hub-headless:9464")
        .containsEntry("VACHUB_REBALANCE_TOLERANCE", "0.1")
        .containsEntry("VACHUB_REBALANCE_WINDOW", "10s")
        .containsEntry("VACHUB_DRAIN_QUIETPERIOD", "20s")
        .containsEntry("VACHUB_DRAIN_SPREAD", "15s")
        .containsEntry("VACHUB_DRAIN_SCRAPEWAIT", "20000ms")
        .containsEntry("VACHUB_HANDOFF_SILENTCLIENTS", "leave")
        .containsEntry("VACHUB_REBALANCE_CHOICES", "5")
        .containsEntry("VACHUB_REBALANCE_MAXPERMINUTE", "1")
        .containsEntry("SPRING_PROFILES_ACTIVE", "json-logs")
        .doesNotContainKeys(
            "OTEL_EXPORTER_OTLP_ENDPOINT", "GOOGLE_CLOUD_PROJECT", "VACHUB_TLS_CERTIFICATE");
  }

  /** Of two revisions the newer is given the streams. */
  @Test
  void tellsThePodItsRevision() {
    assertThat(this.<List<Object>>read(SERVER + ".env[?(@.name == 'VACHUB_REVISION')].valueFrom"))
        .containsExactly(
            Map.of("fieldRef", Map.of("fieldPath", "metadata.labels['pod-template-hash']")));
  }

  @Test
  void withoutAScraperAPodWaitsForNone() {
    assertThat(Manifests.render(Manifests.valueSet("fixed")).environment())
        .containsEntry("VACHUB_DRAIN_SCRAPEWAIT", "0ms");
  }

  @Test
  void withoutRebalancingThePodKnowsNoPeers() {
    assertThat(Manifests.render("rebalance: {enabled: false}").environment())
        .doesNotContainKey("VACHUB_REBALANCE_PEERS");
  }

  @ParameterizedTest
  @CsvSource({"'', 60", "'streams: {maxActive: 100}', 100", "'streams: {maxActive: 0}', 0"})
  void capacityIsFourTimesTheTargetUnlessSet(String values, String expected) {
    assertThat(Manifests.render(values).environment())
        .containsEntry("VACHUB_STREAMS_MAXACTIVE", expected);
  }

  @ParameterizedTest
  @CsvSource({
    "autoscaling: {targetStreamsPerPod: 20}, 20",
    "autoscaling: {enabled: false}, 0",
    "autoscaling: null, 0"
  })
  void thePodKnowsTheAutoscalersTarget(String values, String expected) {
    assertThat(Manifests.render(values).environment())
        .containsEntry("VACHUB_STREAMS_TARGET", expected);
  }

  @Test
  void tlsIsReadFromTheSecretAndProbedOverHttp() {
    Manifests manifests = Manifests.render(Manifests.valueSet("mutual-tls"));

    assertThat(manifests.environment())
        .containsEntry("VACHUB_TLS_CERTIFICATE", "/etc/vac-hub/tls/tls.crt")
        .containsEntry("VACHUB_TLS_PRIVATEKEY", "/etc/vac-hub/tls/tls.key")
        .containsEntry("VACHUB_TLS_CLIENTCA", "/etc/vac-hub/tls/ca.crt");
    assertThat(manifests.<List<Object>>read("Deployment", POD + ".volumes[*].secret.secretName"))
        .containsExactly("vac-hub-tls");
  }

  @Test
  void takesWhatPeopleSetOnPods() {
    Manifests manifests = Manifests.render(Manifests.valueSet("scheduling"));

    assertThat(manifests.<String>read("Deployment", SERVER + ".image"))
        .isEqualTo("registry.example.com/streams@sha256:" + "0".repeat(64));
    assertThat(manifests.<Map<String, Object>>read("Deployment", "$.spec.template.metadata.labels"))
        .containsEntry("team", "streams")
        .containsEntry("tier", "front");
    assertThat(
            manifests.<Map<String, Object>>read(
                "Deployment", "$.spec.template.metadata.annotations"))
        .containsEntry("example.com/note", "pod");
    assertThat(manifests.environment())
        .containsEntry("JAVA_TOOL_OPTIONS", "-XX:MaxRAMPercentage=50")
        .containsEntry("VACHUB_HANDOFF_MAXSTREAMAGE", "5m");
    assertThat(manifests.<Map<String, Object>>read("Deployment", POD))
        .containsEntry("priorityClassName", "streams")
        .containsEntry("nodeSelector", Map.of("kubernetes.io/arch", "arm64"))
        .containsEntry("imagePullSecrets", List.of(Map.of("name", "registry")))
        .containsKeys("affinity", "tolerations");
    assertThat(manifests.<List<Object>>read("Deployment", SERVER + ".volumeMounts[*].name"))
        .containsExactly("tmp", "extra");
    assertThat(manifests.<Object>read("Deployment", SERVER + ".resources.limits"))
        .isEqualTo(Map.of("memory", "2Gi"));
  }

  private <T> T read(String path) {
    return defaults.read("Deployment", path);
  }
}
