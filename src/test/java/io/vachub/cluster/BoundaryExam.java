package io.vachub.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is let in, and what the release needs of the cluster. */
@ExtendWith(OnCluster.class)
class BoundaryExam {

  private final Fleet fleet;

  BoundaryExam(Fleet fleet) {
    this.fleet = fleet;
  }

  /** All exams run where this is refused. */
  @Tag("restricted")
  @Test
  void restrictedNamespace() {
    try (Exam exam = fleet.begin("restricted")) {
      assertThatThrownBy(
              () ->
                  exam.release()
                      .kubectl(
                          "run", "privileged", "--image=any", "--privileged", "--dry-run=server"))
          .hasMessageContaining("violates PodSecurity");
      exam.load("service", "", "--streams=10");
      exam.awaitStreams(10);
      exam.settle();
      exam.assertNothingLost();
    }
  }

  @Tag("network-policy")
  @Test
  void networkPolicy() {
    try (Exam exam = fleet.begin("network-policy")) {
      String service =
          exam.release().kubectl("get", "service", "vac-hub", "-o=jsonpath={.spec.clusterIP}");
      String outside = Settings.namespace() + "-outside";
      Release elsewhere = Release.in(outside, fleet.kubernetes());
      elsewhere.createNamespace();
      try {
        fleet.kubernetes().apply(deniesEgress(outside, "denied"));
        assumeFalse(streams(elsewhere, "denied", service), "the cluster enforces no NetworkPolicy");
        assertThat(streams(elsewhere, "outsider", service))
            .as("another namespace streams")
            .isFalse();
        assertThat(streams(exam.release(), "insider", service)).as("its own streams").isTrue();
      } finally {
        elsewhere.deleteNamespace();
      }
    }
  }

  /** TLS at the pods, and a rollout of them. */
  @Tag("tls")
  @Test
  void tls() {
    onItsOwn(
        "tls",
        release ->
            fleet
                .kubernetes()
                .apply(Certificate.secret(release.namespace(), "pod-cert", "vac-hub")),
        exam -> {
          exam.load("service", "", "--channels=6", "--streams=18");
          exam.awaitStreams(18);
          exam.rollOut();
          exam.settle();
          exam.assertNothingLost();
        },
        "--set=tls.secretName=pod-cert",
        "--set=readinessProbe.type=http",
        "--set=autoscaling.enabled=false",
        "--set=replicaCount=2");
  }

  /** TLS ends at a Gateway, whose class is {@code -Dcluster.gateway-class}. */
  @Tag("gateway")
  @Test
  void gateway() {
    String name = Settings.gatewayClass();
    assumeFalse(name.isEmpty(), "-Dcluster.gateway-class names no GatewayClass");
    onItsOwn(
        "gateway",
        release ->
            fleet
                .kubernetes()
                .apply(Certificate.secret(release.namespace(), "grpc-cert", "grpc.example.com")),
        exam -> {
          String path =
              "/apis/gateway.networking.k8s.io/v1/namespaces/%s/gateways/vac-hub"
                  .formatted(exam.release().namespace());
          exam.await("the Gateway has an address", 5, () -> !address(path).isEmpty());
          exam.loadByEdge(
              "gateway",
              address(path) + ":" + Settings.gatewayPort(),
              "grpc-cert",
              "--authority=grpc.example.com",
              "--channels=3",
              "--streams=18");
          exam.awaitStreams(18);
          exam.rollOut();
          exam.settle();
          exam.assertNothingLost();
        },
        "--set=gateway.enabled=true",
        "--set=gateway.className=" + name,
        "--set=gateway.listener.port=" + Settings.gatewayPort(),
        "--set=networkPolicy.enabled=false",
        "--set=autoscaling.enabled=false",
        "--set=replicaCount=2");
  }

  /** The chart as it is, where the cluster knows the objects of GKE. */
  @Tag("defaults")
  @Test
  void defaultValues() {
    for (String group :
        List.of(
            "gateway.networking.k8s.io/v1",
            "networking.gke.io/v1",
            "monitoring.googleapis.com/v1")) {
      assumeTrue(
          fleet.kubernetes().find("/apis/" + group).isPresent(), "the cluster has no " + group);
    }
    String namespace = Settings.namespace() + "-defaults";
    Release release = new Release(fleet.kubernetes(), namespace, Settings.images());
    release.createNamespace();
    try (Exam exam = new Exam("defaults", release)) {
      release.upgrade();
      exam.await("three pods are ready", 5, () -> exam.watch().last().ready() == Fleet.FEWEST);
      exam.load("service", "", "--streams=9");
      exam.awaitStreams(9);
      exam.settle();
      exam.assertNothingLost();
    } finally {
      release.deleteNamespace();
    }
  }

  /** The clients as the guide has them: Python, and an error is a reason to open a stream again. */
  @Tag("python")
  @Test
  void pythonClients() throws IOException {
    assumeFalse(Settings.pythonImage().isEmpty(), "-Dcluster.python-image names no image");
    try (Exam exam = fleet.begin("python")) {
      List<String> endings =
          PythonClients.play(
              exam.release(),
              6,
              () -> {
                exam.awaitStreams(6);
                exam.rollOut();
                exam.awaitStreams(6);
              });
      exam.figure("streams that ended", endings.size());
      assertThat(endings).isNotEmpty().containsOnly("UNAVAILABLE");
      Watch.Sample last = exam.watch().sample();
      assertThat(last.rise("vachub_streams_handed_off_total", "client=\"silent\""))
          .as("handoffs, beside the streams that ended")
          .isEqualTo(endings.size());
      assertThat(last.rise("vachub_streams_cut_total")).as("streams cut").isZero();
    }
  }

  private void onItsOwn(
      String name, Consumer<Release> before, Consumer<Exam> play, String... values) {
    Release release = Release.in(Settings.namespace() + "-" + name, fleet.kubernetes(), values);
    release.createNamespace();
    try {
      before.accept(release);
      release.upgrade();
      try (Exam exam = new Exam(name, release)) {
        play.accept(exam);
      }
    } finally {
      release.deleteNamespace();
    }
  }

  private String address(String gateway) {
    return fleet
        .kubernetes()
        .get(gateway)
        .path("status")
        .path("addresses")
        .path(0)
        .path("value")
        .asString("");
  }

  private static Object deniesEgress(String namespace, String exam) {
    return Map.of(
        "apiVersion",
        "networking.k8s.io/v1",
        "kind",
        "NetworkPolicy",
        "metadata",
        Map.of("name", exam, "namespace", namespace),
        "spec",
        Map.of(
            "podSelector",
            Map.of("matchLabels", Map.of("exam", exam)),
            "policyTypes",
            List.of("Egress")));
  }

  /** Whether a load tester of this name gets through to an address. */
  private static boolean streams(Release release, String name, String address) {
    List<String> flags = List.of("--plaintext", "--connect-timeout=10s", "--duration=3s");
    release.kubernetes().apply(release.loadTester(name, address + ":50051", flags, ""));
    String path = release.api() + "/pods/" + name;
    return Awaitility.await(name + " is over")
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofSeconds(1))
        .until(
            () -> release.kubernetes().get(path).path("status").path("phase").asString(),
            phase -> phase.equals("Succeeded") || phase.equals("Failed"))
        .equals("Succeeded");
  }
}
