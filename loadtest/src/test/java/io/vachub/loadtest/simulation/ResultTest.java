package io.vachub.loadtest.simulation;

import static io.vachub.loadtest.fleet.SimulatedEnding.COMPLETED;
import static io.vachub.loadtest.fleet.SimulatedEnding.CUT;
import static io.vachub.loadtest.fleet.SimulatedEnding.HANDOFF_AGE;
import static io.vachub.loadtest.fleet.SimulatedEnding.HANDOFF_REBALANCE;
import static io.vachub.loadtest.fleet.SimulatedEnding.REFUSED_ABOVE_MEAN;
import static io.vachub.loadtest.fleet.SimulatedEnding.REFUSED_FULL;
import static io.vachub.loadtest.fleet.SimulatedEnding.REFUSED_LEAVING;
import static org.assertj.core.api.Assertions.assertThat;

import io.vachub.loadtest.command.SimulatedSettings;
import io.vachub.loadtest.fleet.SimulatedEnding;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ResultTest {

  private static final Map<SimulatedEnding, Long> ENDED =
      Map.of(
          COMPLETED, 1_000L,
          HANDOFF_AGE, 20L,
          HANDOFF_REBALANCE, 4L,
          CUT, 500L,
          REFUSED_FULL, 1L,
          REFUSED_ABOVE_MEAN, 2L,
          REFUSED_LEAVING, 4L);

  private static Result result(List<Interval> intervals, List<Step> steps) {
    return new Result(
        SimulatedSettings.of("--duration=2h"),
        intervals,
        steps,
        List.of(),
        2_000,
        ENDED,
        9,
        2_000,
        1_440,
        0);
  }

  /** An interval with so many pods, and so many streams on the fullest and on average. */
  private static Interval interval(int open, int needed, int ready, int fullest, double mean) {
    return new Interval(
        5, open, open, needed, needed, ready, 0, fullest, 0, mean, Map.of(), new int[0]);
  }

  @Test
  void countsWhatMovedAndWhatWasRefused() {
    Result result = result(List.of(), List.of());

    assertThat(result.moved()).isEqualTo(24);
    assertThat(result.refused()).isEqualTo(7);
    assertThat(result.ended(SimulatedEnding.KILLED)).isZero();
    assertThat(result.movedPerMinute()).as("of 24 streams, on average").isEqualTo(1);
    assertThat(result.waitingShare()).isEqualTo(1 - 1_440.0 / 2_000);
  }

  @Test
  void podsAreMissingOrSpareForSoManyMinutes() {
    Result result =
        result(List.of(interval(20, 4, 1, 20, 20), interval(20, 4, 6, 20, 20)), List.of());

    assertThat(result.readyPods()).isEqualTo(3.5);
    assertThat(result.neededPods()).isEqualTo(4);
    assertThat(result.missingPodMinutes()).as("three in half of the two hours").isEqualTo(180);
    assertThat(result.sparePodMinutes()).as("two in the other half").isEqualTo(120);
  }

  @Test
  void theBalanceIsThatOfTheTimeInWhichStreamsAreOpen() {
    Result result =
        result(
            List.of(
                interval(0, 0, 1, 0, 0), interval(20, 2, 2, 20, 10), interval(20, 2, 2, 12, 10)),
            List.of());

    assertThat(result.maxOverMean()).isEqualTo(1.6);
    assertThat(result.maxOverMeanAtEnd()).isEqualTo(1.2);
    assertThat(result(List.of(), List.of()).maxOverMeanAtEnd()).isZero();
  }

  @Test
  void theSlowestStepCountsAndOneThatNeverBecameEvenIsNever() {
    Step fast = new Step(0, 10, OptionalInt.of(1), OptionalInt.of(5));
    Step slow = new Step(60, 20, OptionalInt.of(20), OptionalInt.of(40));
    Step never = new Step(120, 30, OptionalInt.of(1), OptionalInt.empty());

    assertThat(result(List.of(), List.of(slow, fast)).slowestEven()).hasValue(40);
    assertThat(result(List.of(), List.of(slow, never)).slowestEven()).isEmpty();
  }
}
