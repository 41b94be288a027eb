package io.vachub.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The fleet follows its streams, and they it. */
@ExtendWith(OnCluster.class)
class ScalingExam {

  private final Fleet fleet;

  ScalingExam(Fleet fleet) {
    this.fleet = fleet;
  }

  static List<Target> targets() {
    return Target.available();
  }

  /** The load of the recorded GKE run: six clients of three channels that join one by one. */
  @Tag("recorded")
  @ParameterizedTest
  @MethodSource("targets")
  void recordedLoad(Target target) {
    int most = Settings.pods();
    int streams = 18 * most;
    try (Exam exam = fleet.begin("recorded-" + target.id())) {
      exam.load(
          target.id(),
          target.address(),
          "--clients=6",
          "--channels=3",
          "--streams=" + streams,
          "--ramp=%d/%ds".formatted(streams / 6, Settings.step().toSeconds()));
      exam.awaitStreams(streams / 6);
      Instant begin = Instant.now();
      List<Instant> steps =
          IntStream.range(0, 6).mapToObj(i -> begin.plus(Settings.step().multipliedBy(i))).toList();
      exam.awaitStreams(streams);
      exam.hold(Settings.hold());
      exam.noteUsage();
      exam.settle();
      exam.noteScaling(streams, most, steps);
      assertThat(exam.watch().last().ready()).as("ready pods").isEqualTo(most);
      exam.assertNothingLost();
    }
  }

  /** Most streams end; the rest walks off the pods that go. */
  @Tag("scale-in")
  @Test
  void scaleIn() {
    int most = Settings.pods();
    int left = 6 * most;
    try (Exam exam = fleet.begin("scale-in")) {
      exam.load("staying", "", "--channels=6", "--streams=" + left);
      exam.load("ending", "", "--channels=6", "--streams=" + 2 * left);
      exam.awaitStreams(3 * left);
      exam.awaitCalm(most);
      exam.stop("ending");
      exam.event("scale-in", () -> exam.awaitCalm(pods(left)));
      exam.settle();
      exam.assertNothingLost();
    }
  }

  /** For two minutes nobody knows how many streams there are: nothing must change. */
  @Tag("prometheus")
  @Test
  void lossOfPrometheus() {
    try (Exam exam = fleet.begin("prometheus")) {
      exam.load("service", "", "--channels=6", "--streams=60");
      exam.awaitStreams(60);
      exam.awaitCalm(pods(60));
      int before = exam.watch().samples().size();
      try {
        shell(Settings.prometheusStop());
        exam.hold(Duration.ofMinutes(2));
        assertThat(exam.release().scalingActive())
            .as("ScalingActive without metrics")
            .isEqualTo("False");
      } finally {
        shell(Settings.prometheusStart());
      }
      exam.await(
          "the autoscaler has metrics again",
          3,
          () -> exam.release().scalingActive().equals("True"));
      assertThat(exam.watch().samples().stream().skip(before))
          .allSatisfy(
              sample -> {
                assertThat(sample.desired()).as("desired").isEqualTo(pods(60));
                assertThat(sample.ready()).as("ready").isEqualTo(pods(60));
              });
      exam.settle();
      exam.assertNothingLost();
    }
  }

  /** To the autoscaler, a metric that is off by a factor is a target that is. */
  @Tag("lie")
  @Test
  void metricThatLies() {
    try (Exam exam = fleet.begin("lie")) {
      exam.load("service", "", "--channels=6", "--streams=60");
      exam.awaitStreams(60);
      exam.awaitCalm(pods(60));
      try {
        exam.event(
            "too many streams are reported",
            () -> {
              exam.release().target("1");
              exam.awaitCalm(Settings.pods());
            });
        exam.event(
            "too few streams are reported",
            () -> {
              exam.release().target("1000");
              exam.awaitCalm(Fleet.FEWEST);
            });
      } finally {
        exam.release().target("15");
      }
      exam.event("the truth is reported", () -> exam.awaitCalm(pods(60)));
      exam.settle();
      exam.assertNothingLost();
    }
  }

  private static int pods(int streams) {
    return Math.max(Fleet.FEWEST, (int) Math.ceil(streams / 15.0));
  }

  private static void shell(String command) {
    Kubernetes.run(Map.of(), "", "bash", "-c", command);
  }
}
