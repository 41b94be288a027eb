package io.vachub.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What happens to pods under load, on every target at once. */
@ExtendWith(OnCluster.class)
class EventsExam {

  private static final int STREAMS = 36;

  private final Fleet fleet;

  EventsExam(Fleet fleet) {
    this.fleet = fleet;
  }

  @Tag("rollout")
  @Test
  void rollout() {
    try (Exam exam = fleet.begin("rollout")) {
      exam.loadByAllTargets(STREAMS);
      exam.rollOut();
      exam.settle();
      exam.assertNothingLost();
    }
  }

  @Tag("upgrade")
  @Test
  void upgradeAndRollback() {
    try (Exam exam = fleet.begin("upgrade")) {
      exam.loadByAllTargets(STREAMS);
      exam.event(
          "helm upgrade",
          () -> {
            exam.release().upgrade("--set", "handoff.maxStreamAge=15m");
            exam.awaitCalm();
          });
      exam.event(
          "helm rollback",
          () -> {
            exam.release().rollback();
            exam.awaitCalm();
          });
      exam.settle();
      exam.assertNothingLost();
    }
  }

  @Tag("drain")
  @Test
  void nodeDrain() {
    assumeTrue(
        fleet.kubernetes().get("/api/v1/nodes").path("items").size() > 1,
        "the cluster has one node, which cannot be drained");
    try (Exam exam = fleet.begin("drain")) {
      exam.loadByAllTargets(STREAMS);
      Watch.Pod pod = fullest(exam);
      try {
        exam.event(
            "kubectl drain",
            () -> {
              Kubernetes.kubectl(
                  "drain",
                  pod.node(),
                  "--pod-selector=app=vac-hub",
                  "--ignore-daemonsets",
                  "--delete-emptydir-data",
                  "--timeout=5m");
              exam.awaitCalm();
            });
      } finally {
        Kubernetes.kubectl("uncordon", pod.node());
      }
      assertThat(exam.watch().last().pods())
          .extracting(Watch.Pod::node)
          .as("nodes of the pods")
          .doesNotContain(pod.node());
      exam.settle();
      exam.assertNothingLost();
    }
  }

  /** Clients that never heard of a handoff beside those that accept it. */
  @Tag("mixed")
  @Test
  void silentClients() {
    try (Exam exam = fleet.begin("mixed")) {
      exam.load("accepting", Target.SERVICE.address(), "--channels=6", "--streams=30");
      exam.load("silent", Target.HEADLESS.address(), "--streams=30", "--handoff=silent");
      exam.awaitStreams(60);
      exam.awaitCalm(4);
      Watch.Pod pod = fullest(exam);
      exam.event(
          "a pod leaves",
          () -> {
            exam.release().kubectl("delete", "pod", pod.name());
            exam.awaitCalm();
          });
      exam.awaitStreams(60);
      exam.settle();
      exam.assertNothingLost();
      Watch.Sample last = exam.watch().last();
      long silent = last.rise("vachub_streams_handed_off_total", "client=\"silent\"");
      exam.figure("handed off: silent clients'", silent);
      assertThat(silent)
          .as("handoffs of silent clients, of which each is by the drain")
          .isPositive()
          .isEqualTo(
              last.rise("vachub_streams_handed_off_total", "client=\"silent\"", "\"drain\""));
    }
  }

  @Tag("force")
  @Test
  void forcedDeletion() {
    try (Exam exam = fleet.begin("force")) {
      exam.loadByAllTargets(STREAMS);
      Watch.Pod pod = fullest(exam);
      exam.event(
          "delete --force",
          () -> exam.release().kubectl("delete", "pod", pod.name(), "--grace-period=0", "--force"));
      exam.hold(Duration.ofSeconds(15));
      exam.awaitStreams(STREAMS);
      exam.awaitCalm();
      exam.settle();
      exam.assertOnlyCut(pod.streams());
    }
  }

  @Tag("kill")
  @Test
  void kill() {
    assumeFalse(
        Settings.kill().isEmpty(), "-Dcluster.kill says no way to kill a process of a node");
    try (Exam exam = fleet.begin("kill")) {
      exam.loadByAllTargets(STREAMS);
      Watch.Pod pod = fullest(exam);
      String uid = exam.release().kubectl("get", "pod", pod.name(), "-o=jsonpath={.metadata.uid}");
      exam.event(
          "kill -9",
          () ->
              Kubernetes.run(
                  Map.of("POD", pod.name(), "NODE", pod.node(), "POD_UID", uid),
                  "",
                  "bash",
                  "-c",
                  Settings.kill()));
      exam.await(
          "the container is started again",
          3,
          () ->
              exam.watch().last().pods().stream()
                  .anyMatch(
                      p ->
                          p.name().equals(pod.name())
                              && p.restarts() > pod.restarts()
                              && p.ready()));
      exam.hold(Duration.ofSeconds(15));
      exam.awaitStreams(STREAMS);
      exam.settle();
      exam.assertOnlyCut(pod.streams());
    }
  }

  /** The pod with most streams now. */
  private static Watch.Pod fullest(Exam exam) {
    Watch.Pod pod =
        exam.watch().sample().pods().stream()
            .max(Comparator.comparingInt(Watch.Pod::streams))
            .orElseThrow();
    assertThat(pod.streams()).as("streams on " + pod.name()).isPositive();
    return pod;
  }
}
