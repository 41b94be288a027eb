package io.vachub.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.vachub.policy.RebalancePlan.Fleet;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a pod sheds streams, how many, and when it stops trying. */
class RebalancePlanTest {

  private static final Duration INTERVAL = Duration.ofSeconds(5);
  private static final Duration WINDOW = Duration.ofSeconds(15);

  /** As in production, a {@link System#nanoTime} close to its overflow. */
  private long now = Long.MAX_VALUE - Duration.ofSeconds(20).toNanos();

  private final RebalancePlan plan = new RebalancePlan(0.1, INTERVAL, WINDOW);

  @Test
  void shedsTheExcessOverTheWindow() {
    // 120 here and none on three others: 90 above the mean of 30, in three intervals.
    assertThat(plan.toShed(now, fleet(120, 0, 0, 0))).isEqualTo(30);
  }

  @Test
  void roundsUpSoThatASmallExcessMovesToo() {
    assertThat(plan.toShed(now, fleet(10, 8, 6))).isEqualTo(1);
  }

  @Test
  void leavesTheToleranceAlone() {
    assertThat(plan.toShed(now, fleet(110, 100, 90))).isZero();
    assertThat(plan.toShed(now, fleet(112, 100, 88))).isEqualTo(4);
  }

  @Test
  void leavesTheShareOfAFullFleetAlone() {
    assertThat(plan.toShed(now, fleet(1_000, 1_000, 1_000, 1_000))).isZero();
  }

  @Test
  void leavesAPodBelowTheMeanAlone() {
    assertThat(plan.toShed(now, fleet(10, 120, 50))).isZero();
  }

  @Test
  void neverShedsForASingleStream() {
    assertThat(plan.toShed(now, fleet(1, 0))).isZero();
    assertThat(plan.toShed(now, fleet(1, 0, 0, 0))).isZero();
    assertThat(plan.toShed(now, fleet(2, 0))).isZero();
    assertThat(plan.toShed(now, fleet(3, 2, 2))).isZero();
    assertThat(plan.toShed(now, fleet(0, 0, 0))).isZero();
  }

  @Test
  void shedsNothingAlone() {
    assertThat(plan.toShed(now, fleet(120))).isZero();
  }

  @Test
  void shedsNothingIfFewerThanHalfAnswer() {
    assertThat(plan.toShed(now, new Fleet(120, 4, 4, List.of(0)))).isZero();
    assertThat(plan.toShed(now, new Fleet(120, 4, 4, List.of()))).isZero();
    assertThat(plan.toShed(now, new Fleet(120, 4, 4, List.of(0, 0)))).isPositive();
  }

  @Test
  void asksForNoMoreThanASampleToAnswer() {
    assertThat(plan.toShed(now, new Fleet(120, 100, 32, Collections.nCopies(16, 60)))).isPositive();
  }

  @Test
  void aPeerThatLiesHighKeepsAPodFromShedding() {
    assertThat(plan.toShed(now, fleet(120, 0, 0, 1_000_000))).isZero();
  }

  @Test
  void pausesWhenAllComesStraightBackTwice() {
    assertThat(windowWithoutEffect()).isPositive();
    assertThat(windowWithoutEffect()).isPositive();
    assertThat(windowWithoutEffect()).isZero();
    assertThat(windowWithoutEffect()).isPositive();
  }

  @Test
  void doublesThePauseUpToSixteenWindows() {
    windowWithoutEffect();
    windowWithoutEffect();

    assertThat(
            List.of(
                pauseInWindows(),
                pauseInWindows(),
                pauseInWindows(),
                pauseInWindows(),
                pauseInWindows(),
                pauseInWindows()))
        .containsExactly(1, 2, 4, 8, 16, 16);
  }

  @Test
  void triesWithOneIntervalsShareAfterAPause() {
    assertThat(windowWithoutEffect()).isEqualTo(90);
    assertThat(windowWithoutEffect()).isEqualTo(90);
    assertThat(windowWithoutEffect()).isZero();
    assertThat(windowWithoutEffect()).isEqualTo(30);
  }

  @Test
  void forgetsThePauseOnceSheddingHelps() {
    windowWithoutEffect();
    windowWithoutEffect();
    pauseInWindows();
    pauseInWindows();

    assertThat(plan.toShed(now, fleet(90, 10, 10, 10))).isPositive();

    assertThat(windowWithoutEffect()).isEqualTo(90);
    windowWithoutEffect();
    assertThat(pauseInWindows()).isEqualTo(1);
  }

  @Test
  void triesAgainAtOnceWhenTheNumberOfPeersChanges() {
    windowWithoutEffect();
    windowWithoutEffect();
    assertThat(plan.toShed(now, fleet(120, 0, 0, 0))).isZero();

    assertThat(plan.toShed(now, fleet(120, 0, 0, 0, 0))).isPositive();
  }

  @Test
  void expectsOfTwoPodsThatHalfComesBack() {
    for (int i = 0; i < 10; i++) {
      int shed = window(60, 0);
      assertThat(shed).isEqualTo(30);

      // Half by right, and a little more by chance.
      plan.toShed(now, fleet(60 - shed * 2 / 5, 0));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2, false", "3, false", "4, false", "6, false", "12, false",
    "2, true", "3, true", "4, true", "6, true", "12, true"
  })
  void evensAFleetOutAndThenLeavesItAlone(int pods, boolean random) {
    int even = 0;
    for (int seed = 0; seed < 20; seed++) {
      FleetSimulation fleet = new FleetSimulation(pods, random, seed, INTERVAL, WINDOW);
      fleet.openOnFirst(30 * pods);

      int moved = fleet.run(Duration.ofMinutes(2));
      even += fleet.maxOverMean() <= 1.25 ? 1 : 0;
      moved += fleet.run(Duration.ofMinutes(18));

      assertThat(moved).as("seed %d", seed).isLessThan(30 * pods * 2);
      assertThat(fleet.maxOverMean()).as("seed %d", seed).isLessThanOrEqualTo(1.15);
      assertThat(fleet.run(Duration.ofMinutes(30))).as("seed %d", seed).isZero();
    }
    assertThat(even).as("simulations that are even after two minutes").isGreaterThan(17);
  }

  @ParameterizedTest
  @CsvSource({"2", "4", "12"})
  void churnsLittleWhenAllComesStraightBack(int pods) {
    FleetSimulation fleet = new FleetSimulation(pods, false, 0, INTERVAL, WINDOW);
    fleet.sendAllTo(0);
    fleet.openOnFirst(30 * pods);

    fleet.run(Duration.ofMinutes(10));

    // Less than streams that are renewed every ten minutes move anyway.
    assertThat(fleet.run(Duration.ofHours(1))).isLessThan(30 * pods * 6);
  }

  /** How many windows pass without a handoff before the next one with some, all in vain. */
  private int pauseInWindows() {
    int windows = 0;
    while (windowWithoutEffect() == 0) {
      windows++;
    }
    return windows;
  }

  private int windowWithoutEffect() {
    return window(120, 0, 0, 0);
  }

  /** Returns what is shed in a window in which no count changes. */
  private int window(int own, Integer... peers) {
    int shed = 0;
    for (Duration t = Duration.ZERO; t.compareTo(WINDOW) < 0; t = t.plus(INTERVAL)) {
      int share = plan.toShed(now, fleet(own, peers));
      if (share > 0) {
        plan.handedOff(now, own, share);
      }
      shed += share;
      now += INTERVAL.toNanos();
    }
    return shed;
  }

  private static Fleet fleet(int own, Integer... peers) {
    return new Fleet(own, peers.length, peers.length, Arrays.asList(peers));
  }
}
