package io.vachub.loadtest.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.vachub.loadtest.command.SimulatedSettings;
import io.vachub.loadtest.fleet.Pods;
import io.vachub.loadtest.fleet.SimulatedEnding;
import io.vachub.policy.Revision;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecorderTest {

  private final Pods pods = new Pods();
  private Recorder recorder = recorder("--autoscaling=off");

  private Recorder recorder(String... options) {
    return new Recorder(SimulatedSettings.of(options), pods);
  }

  private int pod(Pods.State state, int streams) {
    int pod = pods.make(0, 0, Revision.UNKNOWN, null);
    pods.enter(state, pod, 0);
    set(pod, streams);
    return pod;
  }

  private void set(int pod, int streams) {
    while (pods.open(pod) < streams) {
      pods.opened(pod);
    }
    while (pods.open(pod) > streams) {
      pods.closed(pod);
    }
  }

  @Test
  void streamTimeIsCountedUpToEachChange() {
    recorder.planned(0, 2);
    recorder.opened(1_000, 1);
    recorder.opened(3_000, 2);
    recorder.closed(4_000);
    recorder.planned(5, 4);

    Result result = recorder.result(10_000, 7);

    assertThat(result.openSeconds()).isEqualTo(2 + 2 + 6);
    assertThat(result.plannedSeconds()).isEqualTo(5 * 2 + 5 * 4);
    assertThat(result.waitingShare()).isEqualTo(1 - 10.0 / 30);
    assertThat(result.opened()).isEqualTo(2);
    assertThat(result.peak()).isEqualTo(2);
    assertThat(result.events()).isEqualTo(7);
  }

  @ParameterizedTest
  @CsvSource({"1000, 1050, false", "1000, 1051, true", "1000, 950, false", "1000, 949, true"})
  void aChangeByMoreThanATwentiethIsAStep(int before, int after, boolean isStep) {
    recorder.planned(0, before);
    recorder.planned(9, after);

    List<Step> steps = recorder.result(20_000, 0).steps();

    assertThat(steps).hasSize(isStep ? 2 : 1);
    assertThat(steps.get(steps.size() - 1))
        .as("the step that nothing has ended yet")
        .isEqualTo(
            new Step(
                isStep ? 9 : 0, isStep ? after : before, OptionalInt.empty(), OptionalInt.empty()));
  }

  @ParameterizedTest
  @CsvSource({
    "10, 6, true,  a quarter above the mean",
    "11, 6, false, more",
    "2,  0, true,  one stream above it",
    "4,  1, false, more than one",
  })
  void aStepIsOverWhenThePodsAreEven(int fullest, int emptiest, boolean even, String what) {
    pod(Pods.State.READY, fullest);
    pod(Pods.State.READY, emptiest);
    recorder.planned(3, fullest + emptiest);

    recorder.second(3, 0);
    recorder.second(4, 0);

    assertThat(recorder.result(5_000, 0).steps())
        .as(what)
        .containsExactly(
            new Step(
                3,
                fullest + emptiest,
                OptionalInt.of(1),
                even ? OptionalInt.of(1) : OptionalInt.empty()));
  }

  @Test
  void enoughPodsAreThereWhenTheAutoscalerIsContentAndEvenOnlyThen() {
    recorder = recorder("--target=10", "--hpa-tolerance=0.1", "--min-pods=1", "--max-pods=10");
    int first = pod(Pods.State.READY, 15);
    pod(Pods.State.READY, 15);
    recorder.planned(0, 30);
    recorder.second(1, 3);
    int third = pod(Pods.State.READY, 0);
    recorder.second(2, 3);
    set(first, 10);
    set(third, 5);
    recorder.second(3, 3);
    recorder.second(4, 3);

    assertThat(recorder.result(5_000, 0).steps())
        .containsExactly(new Step(0, 30, OptionalInt.of(2), OptionalInt.empty()));
  }

  @ParameterizedTest
  @CsvSource({
    "32, 3, 10, true,  within the tolerance: 33 streams on three pods of 10",
    "34, 3, 10, false, one more than that",
    "90, 1, 3,  true,  as many pods as there may be",
    "5,  4, 10, false, not as many as there must be",
  })
  void theAutoscalerIsContent(int planned, int least, int most, boolean enough, String why) {
    recorder =
        recorder("--target=10", "--hpa-tolerance=0.1", "--min-pods=" + least, "--max-pods=" + most);
    IntStream.range(0, 3).forEach(i -> pod(Pods.State.READY, planned / 3));
    recorder.planned(0, planned);
    recorder.second(1, 3);

    assertThat(recorder.result(2_000, 0).steps())
        .extracting(step -> step.enough().isPresent())
        .as(why)
        .containsExactly(enough);
  }

  @Test
  void anIntervalIsThatOfTheFleetThen() {
    recorder = recorder("--target=10", "--min-pods=4", "--sample=5s");
    pod(Pods.State.READY, 7);
    pod(Pods.State.READY, 2);
    pod(Pods.State.STARTING, 0);
    pod(Pods.State.QUIET, 3);
    pod(Pods.State.DRAINING, 1);
    recorder.planned(0, 13);
    recorder.opened(0, 1);
    recorder.ended(SimulatedEnding.CUT);
    recorder.second(4, 5);
    recorder.second(5, 6);
    recorder.planned(6, 50);
    recorder.ended(SimulatedEnding.HANDOFF_AGE);
    recorder.ended(SimulatedEnding.COMPLETED);
    recorder.second(10, 5);

    List<Interval> intervals = recorder.result(10_000, 0).intervals();

    assertThat(intervals).extracting(Interval::second).containsExactly(5, 10);
    Interval interval = intervals.get(0);
    assertThat(interval.planned()).isEqualTo(13);
    assertThat(interval.open()).isEqualTo(1);
    assertThat(interval.needed()).as("the autoscaler's minimum").isEqualTo(4);
    assertThat(intervals.get(1).needed()).isEqualTo(5);
    assertThat(interval.desired()).isEqualTo(6);
    assertThat(interval.ready()).isEqualTo(2);
    assertThat(interval.shuttingDown()).isEqualTo(2);
    assertThat(interval.fullest()).isEqualTo(7);
    assertThat(interval.emptiest()).isEqualTo(2);
    assertThat(interval.mean()).isEqualTo(4.5);
    assertThat(interval.maxOverMean()).isEqualTo(7 / 4.5);
    assertThat(interval.streamsByPod()).containsExactly(7, 2, 0, 3, 1);
    assertThat(interval.ended()).containsOnlyKeys(SimulatedEnding.CUT);
    assertThat(interval.moved()).isZero();
    assertThat(intervals.get(1).ended())
        .as("since the interval before, and not what its client was done with")
        .containsOnlyKeys(SimulatedEnding.HANDOFF_AGE);
    assertThat(intervals.get(1).moved()).isOne();
  }

  @Test
  void aFleetWithoutPodsHasNoFullestAndNoMean() {
    recorder.second(5, 0);

    Interval interval = recorder.result(5_000, 0).intervals().get(0);

    assertThat(interval.emptiest()).isZero();
    assertThat(interval.mean()).isZero();
    assertThat(interval.maxOverMean()).isZero();
  }

  @Test
  void aRolloutHasItsLengthAndHowOftenEachStreamMoved() {
    recorder.opened(0, 1);
    recorder.opened(0, 2);
    recorder.ended(SimulatedEnding.HANDOFF_AGE);
    recorder.rollout(1, true);
    recorder.rolloutBegins(10, 4);
    IntStream.range(0, 3).forEach(i -> recorder.ended(SimulatedEnding.HANDOFF_DRAIN));
    recorder.ended(SimulatedEnding.CUT);
    recorder.rollout(20, false);
    recorder.rollout(70, true);
    recorder.rollout(80, true);

    assertThat(recorder.result(90_000, 0).rollouts())
        .containsExactly(new Result.Rollout(10, 4, 60, 1.5));
  }

  @Test
  void withoutStreamsARolloutMovesNone() {
    recorder.rolloutBegins(10, 4);
    recorder.rollout(20, true);

    assertThat(recorder.result(90_000, 0).rollouts())
        .containsExactly(new Result.Rollout(10, 4, 10, 0));
  }

  @ParameterizedTest
  @CsvSource({"200, 200", "201, 0"})
  void theStreamsOfEachPodAreKeptOfAFleetWhosePodsCanBeToldApart(int made, int kept) {
    IntStream.range(0, made).forEach(i -> pod(Pods.State.READY, 1));
    recorder.second(5, 0);

    assertThat(recorder.result(5_000, 0).intervals().get(0).streamsByPod()).hasSize(kept);
  }
}
