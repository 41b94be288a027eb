package io.vachub.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.vachub.policy.RebalancePlan.Pace;
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

  private final RebalancePlan plan = new RebalancePlan(new Pace(0.1, INTERVAL, WINDOW, 10));

  @Test
  void shedsTheWholeExcessOverTheWindow() {
    // 120 here and one on three others: 89.25 above the mean of 30.75.
    assertThat(List.of(shed(120, 1, 1, 1), shed(90, 11, 11, 11), shed(60, 21, 21, 21)))
        .containsExactly(30, 30, 29);
  }

  @Test
  void roundsUpSoThatASmallExcessMovesToo() {
    assertThat(toShed(10, 8, 6)).isEqualTo(1);
  }

  @Test
  void neverShedsBelowTheMean() {
    assertThat(List.of(shed(13, 10, 10), shed(12, 10, 10), shed(11, 10, 10)))
        .containsExactly(1, 1, 0);
  }

  @Test
  void leavesTheToleranceAlone() {
    assertThat(toShed(110, 100, 90)).isZero();
    assertThat(toShed(112, 100, 88)).isEqualTo(4);
  }

  @Test
  void thatWhichIsJustWithinTheToleranceIsLeftAlone() {
    RebalancePlan quarter = new RebalancePlan(new Pace(0.25, INTERVAL, WINDOW, 10));
    assertThat(quarter.toShed(now, 125, fleet(100, 75))).isZero();
    assertThat(quarter.toShed(now, 126, fleet(100, 74))).isPositive();
  }

  @Test
  void leavesTheShareOfAFullFleetAlone() {
    assertThat(toShed(1_000, 1_000, 1_000, 1_000)).isZero();
  }

  @Test
  void leavesAPodBelowTheMeanAlone() {
    assertThat(toShed(10, 120, 50)).isZero();
  }

  @Test
  void neverShedsForASingleStream() {
    assertThat(toShed(1, 0)).isZero();
    assertThat(toShed(1, 0, 0, 0)).isZero();
    assertThat(toShed(2, 0)).isZero();
    assertThat(toShed(3, 2, 2)).isZero();
    assertThat(toShed(0, 0, 0)).isZero();
  }

  @Test
  void shedsNothingAlone() {
    assertThat(toShed(120)).isZero();
  }

  @Test
  void shedsNothingIfFewerThanHalfAnswer() {
    assertThat(plan.toShed(now, 120, new Fleet(4, 4, 1, List.of(1), List.of(), 0))).isZero();
    assertThat(plan.toShed(now, 120, new Fleet(4, 4, 0, List.of(), List.of(), 0))).isZero();
    assertThat(plan.toShed(now, 120, new Fleet(4, 4, 2, List.of(1, 1), List.of(), 0))).isPositive();
  }

  @Test
  void asksForNoMoreThanASampleToAnswer() {
    assertThat(
            plan.toShed(
                now, 120, new Fleet(100, 32, 16, Collections.nCopies(16, 60), List.of(), 0)))
        .isPositive();
  }

  @Test
  void aPodThatGoesNextShedsNothing() {
    assertThat(plan.toShed(now, 120, new Fleet(3, 3, 3, List.of(1, 1, 1), List.of(), 3))).isZero();
  }

  @Test
  void shedsNothingOntoNewPodsThatWillBeFilledByThoseThatGo() {
    List<Integer> old = List.of(15, 15, 15, 15, 15, 15);
    List<Integer> current = List.of(15, 15, 1, 1, 1);
    assertThat(plan.toShed(now, 15, new Fleet(11, 11, 11, current, List.of(), 0))).isPositive();
    assertThat(plan.toShed(now, 15, new Fleet(11, 11, 11, current, old, 0))).isZero();
  }

  @Test
  void aPeerThatLiesToBeGoingWithAllStreamsChangesLittle() {
    List<Integer> liar = List.of(Integer.MAX_VALUE);
    assertThat(plan.toShed(now, 120, new Fleet(4, 4, 4, List.of(10, 10, 10), liar, 0)))
        .isPositive();
  }

  @Test
  void aPeerThatLiesHighChangesNothing() {
    assertThat(toShed(120, 10, 10, Integer.MAX_VALUE)).isEqualTo(toShed(120, 10, 10, 10));
  }

  @Test
  void findsOutWithAStreamAWindowWhetherAPodWithoutStreamsTakesSome() {
    assertThat(window(120, 110, 115, 0)).isEqualTo(1);
    assertThat(window(119, 110, 115, 0)).isEqualTo(1);

    assertThat(window(118, 110, 115, 1)).isGreaterThan(20);
  }

  @Test
  void aPodThatNeverTakesAStreamDoesNotPauseTheOthers() {
    for (int i = 0; i < 10; i++) {
      assertThat(window(120, 110, 115, 0)).isEqualTo(1);
    }
  }

  @Test
  void shedsNoMoreThanItsShareInAMinute() {
    RebalancePlan slow = new RebalancePlan(new Pace(0.1, INTERVAL, WINDOW, 0.25));
    int shed = 0;
    for (int i = 0; i < 12; i++) {
      Fleet fleet = fleet(1, 1, 1);
      int share = slow.toShed(now, 120, fleet);
      slow.handedOff(now, 120, share);
      shed += share;
      now += INTERVAL.toNanos();
    }
    assertThat(shed).isEqualTo(30);
    assertThat(slow.toShed(now, 120, fleet(1, 1, 1))).isPositive();
  }

  @Test
  void pausesWhenAllComesStraightBackTwice() {
    assertThat(windowWithoutEffect()).isPositive();
    assertThat(windowWithoutEffect()).isPositive();
    assertThat(windowWithoutEffect()).isZero();
    assertThat(windowWithoutEffect()).isPositive();
  }

  @Test
  void pausesWhenMostComesStraightBackTwice() {
    // Of 89 that go, 67 should stay away, and 10 do.
    assertThat(window(120, 1, 1, 1)).isEqualTo(89);
    assertThat(window(110, 4, 4, 4)).isEqualTo(79);

    assertThat(window(100, 8, 7, 7)).isZero();
  }

  @Test
  void aRoundHelpsIfHalfOfWhatShouldStaysAway() {
    // Of two pods half of 10 should stay away: 5 less above the mean, and 2.5 are enough.
    shed(60, 1);
    now += WINDOW.toNanos();
    shed(57, 3);
    now += WINDOW.toNanos();

    assertThat(shed(57, 3)).isPositive();
    assertThat(shed(57, 3)).as("no second round in vain").isPositive();
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
    assertThat(windowWithoutEffect()).isEqualTo(89);
    windowWithoutEffect();
    assertThat(windowWithoutEffect()).isZero();
    assertThat(windowWithoutEffect()).isEqualTo(30);
  }

  @Test
  void forgetsThePauseOnceSheddingHelps() {
    windowWithoutEffect();
    windowWithoutEffect();
    pauseInWindows();
    pauseInWindows();

    assertThat(toShed(90, 11, 11, 11)).isPositive();

    windowWithoutEffect();
    windowWithoutEffect();
    assertThat(pauseInWindows()).isEqualTo(1);
  }

  @Test
  void aNumberOfPeersThatChangesEndsNoPause() {
    windowWithoutEffect();
    windowWithoutEffect();
    assertThat(toShed(120, 1, 1, 1)).isZero();

    assertThat(toShed(120, 1, 1, 1, 1)).isZero();
  }

  @Test
  void aLoadThatGrowsEverywhereIsNotTakenForStreamsThatComeBack() {
    for (int i = 0; i < 10; i++) {
      int load = 20 * i;
      assertThat(window(60 + load, 20 + load, 20 + load)).isPositive();
      plan.toShed(now, 35 + load + 20, fleet(35 + load + 20, 35 + load + 20));
    }
  }

  @Test
  void expectsOfTwoPodsThatHalfComesBack() {
    for (int i = 0; i < 10; i++) {
      int shed = shed(60, 1);
      assertThat(shed).isEqualTo(10);
      now += WINDOW.toNanos();

      // Half by right, and a little more by chance.
      toShed(60 - shed * 2 / 5, 1 + shed * 2 / 5);
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
    return window(120, 1, 1, 1);
  }

  /** Returns what is shed in a window in which no count changes. */
  private int window(int own, Integer... peers) {
    int shed = 0;
    for (Duration t = Duration.ZERO; t.compareTo(WINDOW) < 0; t = t.plus(INTERVAL)) {
      shed += shed(own, peers);
    }
    return shed;
  }

  /** Returns what is shed in the interval that passes. */
  private int shed(int own, Integer... peers) {
    int share = toShed(own, peers);
    plan.handedOff(now, own, share);
    now += INTERVAL.toNanos();
    return share;
  }

  private int toShed(int own, Integer... peers) {
    return plan.toShed(now, own, fleet(peers));
  }

  private static Fleet fleet(Integer... peers) {
    return new Fleet(peers.length, peers.length, peers.length, Arrays.asList(peers), List.of(), 0);
  }
}
