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
import org.assertj.core.api.InstanceOfAssertFactories;
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
 * kube-apiserver, {@code CRDS_DIR} one that {@code .ci/custom-resources} made.
 */
@EnabledIfEnvironmentVariable(
    named = "KUBEBUILDER_ASSETS",
    matches = ".+",
    disabledReason = "name a folder with etcd and kube-apiserver to run this")
@EnabledIfEnvironmentVariable(
    named = "CRDS_DIR",
    matches = ".+",
    disabledReason = "name a folder that .ci/custom-resources made to run this")
class ApiServerTest {

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

    for (Map<String, Object> object : Manifests.renderIn(namespace, values).objects()) {
      Object stored = Manifests.asMap(server.getObject(namespace, object));
      assertKept(object, stored, namespace + " " + object.get("kind"));
    }
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

  /** What a server wrote otherwise would look like a change to Argo CD and Flux, for ever. */
  private static void assertKept(Object rendered, Object stored, String at) {
    if (rendered instanceof Map<?, ?> map) {
      map.forEach(
          (key, value) -> assertKept(value, Manifests.asMap(stored).get(key), at + "." + key));
    } else if (rendered instanceof List<?> list) {
      assertThat(stored).as(at).asInstanceOf(InstanceOfAssertFactories.LIST).hasSameSizeAs(list);
      for (int i = 0; i < list.size(); i++) {
        assertKept(list.get(i), ((List<?>) stored).get(i), at + "[" + i + "]");
      }
    } else {
      assertThat(stored).as(at).isEqualTo(rendered);
    }
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void installsUpgradesRollsBackAndLeavesNothing(Path values)
      throws IOException, InterruptedException {
    String namespace = "life-" + values.getFileName().toString().replace("-values.yaml", "");
    createRestricted(namespace);
    install(namespace, values);
    Map<String, Object> installed = deployment(namespace, values);

    Manifests.withFile(
        "{image: {tag: next, digest: ''}, autoscaling: {targetCPUUtilizationPercentage: 60}}",
        change ->
            new Helm(Manifests.CHART)
                .upgrade()
                .withName("hub")
                .withNamespace(namespace)
                .reuseValues()
                .withValuesFile(change)
                .withKubeConfigContents(server.kubeConfig())
                .call());
    Map<String, Object> upgraded = deployment(namespace, values);
    assertThat(image(upgraded)).endsWith(":next");
    assertThat(JsonPath.<Object>read(upgraded, "$.spec.selector"))
        .isEqualTo(JsonPath.read(installed, "$.spec.selector"));

    rollBack(namespace);
    assertThat(image(deployment(namespace, values))).isEqualTo(image(installed));

    Helm.uninstall("hub")
        .withNamespace(namespace)
        .withKubeConfigContents(server.kubeConfig())
        .call();
    for (Map<String, Object> object : Manifests.render(values).objects()) {
      assertThat(server.list(namespace, object)).as("%s", object.get("kind")).isEmpty();
    }
  }

  /**
   * Argo CD and Flux apply what is rendered, by server-side apply and dry, and take what would
   * change for a drift. What the autoscaler and the server wrote is none.
   */
  @ParameterizedTest
  @MethodSource("valueSets")
  void whatIsAppliedAgainChangesNothingOnceItWasScaled(Path values) {
    String namespace = "drift-" + values.getFileName().toString().replace("-values.yaml", "");
    server.createNamespace(namespace);
    Manifests rendered = Manifests.renderIn(namespace, values);
    for (Map<String, Object> object : rendered.objects()) {
      ApiServer.created(server.apply(namespace, object, ""));
    }
    boolean scaled =
        rendered.kinds().contains("HorizontalPodAutoscaler")
            || rendered.kinds().contains("ScaledObject");
    if (scaled) {
      assertThat(server.scale(namespace, rendered.the("Deployment"), 7).statusCode())
          .isEqualTo(200);
    }

    for (Map<String, Object> object : rendered.objects()) {
      Map<String, Object> live = server.getObject(namespace, object);
      Map<String, Object> applied =
          JsonPath.read(server.apply(namespace, object, "&dryRun=All").body(), "$");
      assertThat(withoutBookkeeping(applied))
          .as("%s", object.get("kind"))
          .isEqualTo(withoutBookkeeping(live));
    }
    if (scaled) {
      assertThat(
              JsonPath.<Integer>read(
                  server.getObject(namespace, rendered.the("Deployment")), "$.spec.replicas"))
          .isEqualTo(7);
    }
  }

  private static Map<String, Object> withoutBookkeeping(Map<String, Object> object) {
    Manifests.asMap(object.get("metadata"))
        .keySet()
        .removeAll(List.of("managedFields", "resourceVersion", "generation"));
    return object;
  }

  private static Map<String, Object> deployment(String namespace, Path values) {
    return server.getObject(namespace, Manifests.render(values).the("Deployment"));
  }

  private static String image(Map<String, Object> deployment) {
    return JsonPath.read(deployment, "$.spec.template.spec.containers[0].image");
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
  private static void rollBack(String namespace) throws IOException, InterruptedException {
    Path kubeConfig = Files.writeString(directory.resolve("kubeconfig"), server.kubeConfig());
    Process helm =
        new ProcessBuilder(
                "helm",
                "rollback",
                "hub",
                "1",
                "-n",
                namespace,
                "--kubeconfig",
                kubeConfig.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("rollback.log").toFile())
            .start();
    assertThat(helm.waitFor()).isZero();
  }

  private static void createRestricted(String namespace) {
    server.createNamespace(namespace, "pod-security.kubernetes.io/enforce: restricted");
  }
}
