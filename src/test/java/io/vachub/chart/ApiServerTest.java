package io.vachub.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/**
 * The chart's life on a real API server. {@code KUBEBUILDER_ASSETS} names the folder with etcd and
 * kube-apiserver.
 */
@EnabledIfEnvironmentVariable(
    named = "KUBEBUILDER_ASSETS",
    matches = ".+",
    disabledReason = "name a folder with etcd and kube-apiserver to run this")
class ApiServerTest {

  private static final String APPS = "/apis/apps/v1/namespaces/%s/deployments/hub-vac-hub";
  private static final String AUTOSCALERS =
      "/apis/autoscaling/v2/namespaces/%s/horizontalpodautoscalers";

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  static Path directory;

  private static ApiServer server;

  @BeforeAll
  static void start() throws IOException, GeneralSecurityException {
    server = new ApiServer(directory);
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  static List<Path> valueSets() {
    return Manifests.valueSets();
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void takesEveryValueSetAndAdmitsItsPods(Path values) {
    String namespace = "with-" + values.getFileName().toString().replace("-values.yaml", "");
    createRestricted(namespace);

    assertThat(install(namespace, values)).isEqualTo("deployed");

    for (Map<String, Object> pod : Manifests.render(values).podSpecs()) {
      // Not the chart's to make.
      pod.remove("priorityClassName");
      ApiServer.created(
          server.post(
              "/api/v1/namespaces/%s/pods".formatted(namespace),
              new Yaml()
                  .dump(
                      Map.of(
                          "apiVersion",
                          "v1",
                          "kind",
                          "Pod",
                          "metadata",
                          Map.of("generateName", "pod-"),
                          "spec",
                          pod))));
    }
  }

  @Test
  void installsUpgradesRollsBackAndLeavesNothing() throws IOException, InterruptedException {
    createRestricted("life");
    install("life", Manifests.valueSet("gke-gateway"));
    assertThat(cpuTarget()).containsExactly(80);
    Object selector = selector();

    Manifests.withFile(
        "{autoscaling: {targetCPUUtilizationPercentage: 60}, image: {tag: next}}",
        values ->
            new Helm(Manifests.CHART)
                .upgrade()
                .withName("hub")
                .withNamespace("life")
                .reuseValues()
                .withValuesFile(values)
                .withKubeConfigContents(server.kubeConfig())
                .call());
    assertThat(cpuTarget()).containsExactly(60);
    assertThat(image()).isEqualTo("asia-northeast3-docker.pkg.dev/my-project/vac-hub/vac-hub:next");
    assertThat(selector()).isEqualTo(selector);

    rollBack();
    assertThat(cpuTarget()).containsExactly(80);
    assertThat(image()).endsWith("vac-hub:0.1.0");

    Helm.uninstall("hub").withNamespace("life").withKubeConfigContents(server.kubeConfig()).call();
    for (String path :
        List.of(
            "/apis/apps/v1/namespaces/life/deployments",
            "/apis/networking.k8s.io/v1/namespaces/life/networkpolicies",
            "/apis/policy/v1/namespaces/life/poddisruptionbudgets",
            "/apis/monitoring.googleapis.com/v1/namespaces/life/podmonitorings",
            "/apis/monitoring.googleapis.com/v1/namespaces/life/rules",
            "/apis/gateway.networking.k8s.io/v1/namespaces/life/gateways",
            "/apis/gateway.networking.k8s.io/v1/namespaces/life/httproutes",
            "/apis/networking.gke.io/v1/namespaces/life/gcpbackendpolicies",
            "/apis/networking.gke.io/v1/namespaces/life/healthcheckpolicies",
            "/api/v1/namespaces/life/services",
            AUTOSCALERS.formatted("life"))) {
      assertThat(JsonPath.<List<Object>>read(server.get(path).body(), "$.items"))
          .as(path)
          .isEmpty();
    }
    assertThat(server.get("/api/v1/namespaces/life/serviceaccounts/hub-vac-hub").statusCode())
        .isEqualTo(404);
  }

  /** A fence against a server that says yes to everything. */
  @Test
  void refusesWhatTheCustomResourcesForbid() {
    server.createNamespace("refused");

    assertThat(
            server
                .dryRun(
                    "refused",
                    """
                    {"apiVersion": "networking.gke.io/v1", "kind": "HealthCheckPolicy",
                     "metadata": {"name": "a"},
                     "spec": {"targetRef": {"group": "", "kind": "Service", "name": "a"},
                              "default": {"checkIntervalSec": 5, "timeoutSec": 6}}}
                    """)
                .body())
        .contains("timeOutSec cannot exceed checkIntervalSec");
  }

  private static String install(String namespace, Path values) {
    return new Helm(Manifests.CHART)
        .install()
        .withName("hub")
        .withNamespace(namespace)
        .withValuesFile(values.toAbsolutePath())
        .withKubeConfigContents(server.kubeConfig())
        .call()
        .getStatus();
  }

  /** Helm in the JVM has no rollback, so this is the program's. */
  private static void rollBack() throws IOException, InterruptedException {
    Path kubeConfig = Files.writeString(directory.resolve("kubeconfig"), server.kubeConfig());
    Process helm =
        new ProcessBuilder(
                "helm", "rollback", "hub", "1", "-n", "life", "--kubeconfig", kubeConfig.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("rollback.log").toFile())
            .start();
    assertThat(helm.waitFor()).isZero();
  }

  private static void createRestricted(String namespace) {
    server.createNamespace(namespace, "pod-security.kubernetes.io/enforce: restricted");
  }

  private static List<Integer> cpuTarget() {
    return JsonPath.read(
        server.get(AUTOSCALERS.formatted("life") + "/hub-vac-hub").body(),
        "$.spec.metrics[*].resource.target.averageUtilization");
  }

  private static Object selector() {
    return JsonPath.read(server.get(APPS.formatted("life")).body(), "$.spec.selector");
  }

  private static String image() {
    return JsonPath.read(
        server.get(APPS.formatted("life")).body(), "$.spec.template.spec.containers[0].image");
  }
}
