package io.vachub.loadtest.simulation;

import static io.vachub.loadtest.simulation.Simulated.at;
import static io.vachub.loadtest.simulation.Simulated.last;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vachub.loadtest.fleet.SimulatedEnding;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a fleet does under a load, in simulated time. */
class SimulationTest {

  /** Four pods, 120 streams that were there before three of them. */
  private static final String[] JOINING = {
    "--autoscaling=off", "--pods=1", "--join=30s,30s,30s", "--target=30", "--max-active=0",
    "--streams=120", "--ramp=120/1s", "--clients=40", "--channels=1", "--duration=10m"
  };

  /** Nine pods of 15 streams each, and a new revision after a quarter of an hour. */
  private static final String[] ROLLOUT = {
    "--autoscaling=off",
    "--pods=9",
    "--streams=135",
    "--ramp=135/1s",
    "--balancer=random",
    "--rollout=15m",
    "--max-stream-age=0",
    "--rebalance-max-per-minute=1",
    "--duration=20m"
  };

  @TempDir private Path directory;

  @Test
  void theSameSeedGivesTheSameResult() {
    Result one = Simulated.of("--balancer=random", "--lifetime=exponential:5m", "--seed=7");
    Result same = Simulated.of("--balancer=random", "--lifetime=exponential:5m", "--seed=7");
    Result other = Simulated.of("--balancer=random", "--lifetime=exponential:5m", "--seed=8");

    assertThat(same).usingRecursiveComparison().ignoringFields("settings").isEqualTo(one);
    assertThat(other.ended()).isNotEqualTo(one.ended());
  }

  @Test
  void scalesOutWithTheRampAndHoldsWhatIsAllowed() {
    Result result = Simulated.of();

    Interval last = last(result);
    assertThat(last.open()).isEqualTo(180);
    assertThat(last.ready()).isEqualTo(10);
    assertThat(last.needed()).isEqualTo(12);
    assertThat(result.steps()).hasSize(6).allMatch(step -> step.planned() > 0);
    assertThat(result.ended(SimulatedEnding.CUT)).isZero();
    assertThat(IntStream.of(last.streamsByPod()).sum()).isEqualTo(180);
  }

  @Test
  void everyStreamIsOpenOrCountedAsEnded() {
    Result result =
        Simulated.of("--lifetime=exponential:1m", "--balancer=random", "--max-active=20");

    long over =
        result.ended(SimulatedEnding.COMPLETED)
            + result.moved()
            + result.ended(SimulatedEnding.CUT)
            + last(result).open();
    assertThat(result.opened()).isEqualTo(over);
    assertThat(result.waitingShare()).isBetween(0.0, 0.03);
  }

  @Test
  void scalesInByOnePodAMinuteAfterFiveQuietOnesAndCutsNothing() throws Exception {
    Path curve =
        Files.writeString(
            directory.resolve("curve.csv"), "second,planned_streams\n0,150\n900,30\n");

    Result result = Simulated.of("--curve=" + curve, "--pods=10", "--duration=30m");

    assertThat(at(result, 1_195).ready()).isEqualTo(10);
    assertThat(at(result, 1_330).ready()).isBetween(7, 9);
    assertThat(last(result).ready()).isEqualTo(3);
    assertThat(result.ended(SimulatedEnding.HANDOFF_DRAIN)).isPositive();
    assertThat(result.ended(SimulatedEnding.CUT)).isZero();
    assertThat(last(result).open()).isEqualTo(30);
  }

  @Test
  void withoutHandoffConnectionsAndDrainsCutStreams() {
    Result result = Simulated.of("--handoff=off", "--max-connection-age=10m", "--duration=1h");

    assertThat(result.moved()).isZero();
    assertThat(result.ended(SimulatedEnding.CUT)).isGreaterThan(180 * 3);
    assertThat(result.waitingShare()).isPositive();
  }

  @Test
  void rebalancingFillsNewPodsWithinAMinuteAndAgeAloneDoesNot() {
    Result rebalanced = Simulated.of(JOINING);
    Result byAge = Simulated.of(and(JOINING, "--rebalance=off"));

    assertThat(even(rebalanced)).isBetween(10, 90);
    assertThat(byAge.steps().get(byAge.steps().size() - 1).even().orElse(9_999)).isGreaterThan(200);
    assertThat(last(rebalanced).maxOverMean()).isLessThan(1.25);
  }

  @Test
  void anEvenFleetMovesByAgeAlone() {
    Result result =
        Simulated.of(
            and(
                JOINING,
                "--max-connection-age=0",
                "--max-stream-age=10m",
                "--duration=2h",
                "--seed=3"));

    assertThat(result.movedPerMinute()).isCloseTo(0.1, within(0.03));
  }

  @Test
  void aFullPodRefusesAndTheClientComesBack() {
    Result result =
        Simulated.of(
            "--autoscaling=off", "--pods=2", "--max-active=20", "--streams=60", "--ramp=60/1s");

    assertThat(last(result).open()).isEqualTo(40);
    assertThat(result.peak()).isEqualTo(20);
    assertThat(result.ended(SimulatedEnding.REFUSED_FULL)).isPositive();
    assertThat(result.waitingShare()).isCloseTo(1 / 3.0, within(0.01));
  }

  @Test
  void aConnectionKeepsItsStreamsTogetherUnlessEachIsBalanced() {
    String[] fewConnections =
        and(
            JOINING,
            "--clients=2",
            "--join=1s,1s,1s",
            "--ramp=60/5s",
            "--rebalance=off",
            "--max-stream-age=0",
            "--max-connection-age=0");

    assertThat(last(Simulated.of(and(fewConnections, "--balance=connection"))).streamsByPod())
        .contains(0, 0);
    assertThat(last(Simulated.of(and(fewConnections, "--balance=stream"))).streamsByPod())
        .doesNotContain(0);
  }

  @Test
  void zonesOfUnequalSizeEvenOutWhereConnectionsAreRenewed() {
    String[] zones = {
      "--autoscaling=off",
      "--pods=10",
      "--zones=4:4:2",
      "--streams=1000",
      "--ramp=1000/1s",
      "--clients=100",
      "--channels=3",
      "--target=100",
      "--duration=20m"
    };

    Interval last = last(Simulated.of(zones));
    assertThat(last.maxOverMean()).isLessThan(1.25);
    Result skewed = Simulated.of(and(zones, "--zone-traffic=1:1:1", "--rebalance=off"));
    assertThat(last(skewed).maxOverMean()).isGreaterThan(1.5);
  }

  @Test
  void aSlowMetricsPipelineScalesLater() {
    Result fast = Simulated.of("--metrics-from=gke-native", "--max-pods=20");
    Result slow = Simulated.of("--scrape-interval=60s", "--ingest-delay=90s", "--max-pods=20");

    assertThat(slow.missingPodMinutes()).isGreaterThan(fast.missingPodMinutes() + 5);
  }

  @Test
  void podsThatWaitForANodeAreMissingForSoLong() {
    Result soon = Simulated.of("--max-pods=20");
    Result late = Simulated.of("--max-pods=20", "--node-wait=2m");

    assertThat(late.missingPodMinutes()).isGreaterThan(soon.missingPodMinutes() + 10);
  }

  @Test
  void agesBeyondAllSimulatedTimeAreNever() {
    Result result =
        Simulated.of(
            "--max-stream-age=5000h",
            "--max-connection-age=5000h",
            "--node-wait=5000h",
            "--rebalance=off");

    assertThat(result.moved()).isZero();
    assertThat(last(result).ready()).isEqualTo(3);
    assertThat(last(result).desired()).isGreaterThan(3);
  }

  @Test
  void aLargeFleetIsRecordedWithoutItsPods() {
    Result result =
        Simulated.of(
            "--autoscaling=off", "--pods=300", "--streams=3000", "--ramp=3000/1s", "--duration=1m");

    assertThat(last(result).streamsByPod()).isEmpty();
    assertThat(last(result).fullest()).isBetween(10, 20);
  }

  @Test
  void aRolloutMovesAStreamOnceWherePodsKnowWhoIsNewer() {
    Result known = Simulated.of(ROLLOUT);
    Result unknown = Simulated.of(and(ROLLOUT, "--revisions=off"));

    assertThat(known.rollouts()).hasSize(1);
    assertThat(known.movesPerRollout()).isBetween(1.0, 1.1);
    assertThat(unknown.movesPerRollout()).isGreaterThan(known.movesPerRollout() + 0.1);
    assertThat(last(known).ready()).isEqualTo(9);
    assertThat(known.ended(SimulatedEnding.CUT) + unknown.ended(SimulatedEnding.CUT)).isZero();
  }

  @Test
  void aKilledPodLosesItsStreamsAndIsMadeAnew() {
    Result result = Simulated.of("--autoscaling=off", "--pods=6", "--kill=10m");

    assertThat(result.ended(SimulatedEnding.KILLED)).isBetween(20L, 40L);
    assertThat(at(result, 605).ready()).isEqualTo(5);
    assertThat(last(result).ready()).isEqualTo(6);
    assertThat(last(result).open()).isEqualTo(180);
  }

  @Test
  void silentClientsAreNeverTurnedAwayAndMayBeLeftAlone() {
    String[] silent = {"--silent=1", "--duration=20m", "--max-connection-age=0"};
    Result left = Simulated.of(silent);
    Result moved = Simulated.of(and(silent, "--silent-clients=move"));

    assertThat(left.moved()).isZero();
    assertThat(moved.moved()).isPositive();
    assertThat(left.refused() + moved.refused()).isZero();
  }

  @Test
  void aChannelsStreamsReopenTogetherSecondsAfterTheLast() {
    Result each = Simulated.of("--duration=20m");
    Result together = Simulated.of("--reopen=together", "--duration=20m");

    assertThat(together.waitingShare()).isGreaterThan(each.waitingShare() + 0.001);
    assertThat(together.moved()).isPositive();
  }

  @Test
  void aZoneKeepsItsClientsUntilItIsFull() {
    String[] zones = {
      "--autoscaling=off",
      "--pods=10",
      "--zones=4:4:2",
      "--zone-traffic=8:1:1",
      "--clients=60",
      "--rebalance=off",
      "--ramp=180/1s",
      "--duration=5m"
    };

    int kept = last(Simulated.of(and(zones, "--zone-fill=1000"))).fullest();
    int spilt = last(Simulated.of(and(zones, "--zone-fill=20"))).fullest();

    assertThat(kept).isGreaterThan(spilt);
  }

  private static int even(Result result) {
    List<Step> steps = result.steps();
    return steps.get(steps.size() - 1).even().orElseThrow();
  }

  /** The later of two equal options counts. */
  private static String[] and(String[] options, String... more) {
    java.util.Map<String, String> all = new java.util.LinkedHashMap<>();
    for (String option : options) {
      all.put(option.split("=")[0], option);
    }
    for (String option : more) {
      all.put(option.split("=")[0], option);
    }
    return all.values().toArray(String[]::new);
  }
}
