package io.vachub.loadtest.simulation;

import static io.vachub.loadtest.simulation.Simulated.at;
import static io.vachub.loadtest.simulation.Simulated.last;
import static org.assertj.core.api.Assertions.assertThat;

import io.vachub.loadtest.fleet.SimulatedEnding;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of the streams of pods that start, shut down or die, in simulated time. */
class PodsComeAndGoTest {

  /** Six pods of 30 streams each. */
  private static final String[] SIX_PODS = {
    "--autoscaling=off", "--pods=6", "--streams=180", "--ramp=180/1s"
  };

  @TempDir private Path directory;

  private static Result sixPods(String... more) {
    return Simulated.of(and(SIX_PODS, more));
  }

  /** Ten pods for 150 streams, of which 30 are left after ten minutes. */
  private Result scaledIn(String... more) throws Exception {
    Path curve = directory.resolve("curve.csv");
    Files.writeString(curve, "second,planned_streams\n0,150\n600,30\n");
    String[] options = {"--curve=" + curve, "--pods=10", "--duration=25m"};
    return Simulated.of(and(options, more));
  }

  private static long ended(Result result, SimulatedEnding how, int from, int to) {
    return result.intervals().stream()
        .filter(interval -> interval.second() > from && interval.second() <= to)
        .mapToLong(interval -> interval.ended().getOrDefault(how, 0L))
        .sum();
  }

  private static int firstSecond(Result result, SimulatedEnding how) {
    return result.intervals().stream()
        .filter(interval -> interval.ended().getOrDefault(how, 0L) > 0)
        .findFirst()
        .orElseThrow()
        .second();
  }

  private static int firstShutdown(Result result) {
    return result.intervals().stream()
        .filter(interval -> interval.shuttingDown() > 0)
        .findFirst()
        .orElseThrow()
        .second();
  }

  @Test
  void withoutHandoffAPodCutsWhatItHasAtTheEndOfItsGrace() throws Exception {
    Result result =
        scaledIn(
            "--handoff=off",
            "--max-connection-age=0",
            "--quiet-period=20s",
            "--spread=0s",
            "--drain-grace=90s");

    assertThat(firstSecond(result, SimulatedEnding.CUT) - firstShutdown(result)).isBetween(85, 95);
    assertThat(result.moved()).isZero();
    assertThat(last(result).open()).isEqualTo(30);
  }

  @Test
  void aPodIsGoneAsSoonAsItHasHandedEverythingOff() throws Exception {
    Result result =
        scaledIn("--quiet-period=20s", "--spread=10s", "--drain-grace=20m", "--scale-down=100%/1m");

    int begin = firstShutdown(result);
    assertThat(at(result, begin + 10).shuttingDown()).isPositive();
    assertThat(at(result, begin + 40).shuttingDown()).isZero();
    assertThat(result.ended(SimulatedEnding.CUT)).isZero();
    assertThat(last(result).open()).isEqualTo(30);
  }

  @Test
  void aLeavingPodRefusesNobodyOnceTheBalancerHasForgottenIt() throws Exception {
    String[] busy = {"--lifetime=exponential:20s", "--quiet-period=20s", "--balancer=random"};
    Result slow = scaledIn(and(busy, "--routing-delay=15s"));
    Result quick = scaledIn(and(busy, "--routing-delay=0s"));

    assertThat(slow.ended(SimulatedEnding.REFUSED_LEAVING)).isPositive();
    assertThat(quick.ended(SimulatedEnding.REFUSED_LEAVING)).isZero();
    assertThat(slow.ended(SimulatedEnding.CUT) + slow.ended(SimulatedEnding.UNREACHED)).isZero();
  }

  /** It is gone after ten seconds, and known for fifty more. */
  @Test
  void aPodThatIsGoneBeforeTheBalancerForgetsItServesNobody() throws Exception {
    String[] busy = {"--lifetime=exponential:20s", "--quiet-period=5s", "--spread=5s"};
    Result slow = scaledIn(and(busy, "--routing-delay=60s", "--scale-down=100%/30m"));

    int begin = firstShutdown(slow);
    assertThat(ended(slow, SimulatedEnding.UNREACHED, 0, begin)).isZero();
    assertThat(ended(slow, SimulatedEnding.UNREACHED, begin + 10, begin + 60)).isPositive();
    assertThat(ended(slow, SimulatedEnding.UNREACHED, begin + 75, 1_500)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"connection", "stream"})
  void aDeadPodIsTriedUntilTheBalancerForgetsIt(String balance) {
    Result result =
        sixPods(
            "--balance=" + balance,
            "--kill=10m",
            "--routing-delay=60s",
            "--pod-start=10s",
            "--lifetime=exponential:1m",
            "--duration=15m");

    assertThat(ended(result, SimulatedEnding.UNREACHED, 0, 600)).isZero();
    assertThat(ended(result, SimulatedEnding.UNREACHED, 600, 665)).isPositive();
    assertThat(ended(result, SimulatedEnding.UNREACHED, 670, 900)).isZero();
  }

  @Test
  void aPodThatTakesAKilledOnesPlaceIsReadyAfterTheNodeAndItsStart() {
    Result result = sixPods("--kill=10m", "--node-wait=1m", "--pod-start=100s", "--duration=15m");

    assertThat(at(result, 600 + 60 + 75).ready()).isEqualTo(5);
    assertThat(at(result, 600 + 60 + 125).ready()).isEqualTo(6);
  }

  /** Nearly all traffic goes to one of two zones, and so to the one pod there. */
  @Test
  void theNextPodGoesToTheZoneOfTheKilledOne() {
    Result result =
        Simulated.of(
            "--autoscaling=off",
            "--pods=2",
            "--zones=1:1",
            "--zone-traffic=1000:1",
            "--streams=40",
            "--ramp=40/1s",
            "--lifetime=exponential:1m",
            "--rebalance=off",
            "--choices=1",
            "--max-active=0",
            "--balancer=random",
            "--kill=2m,5m,8m",
            "--pod-start=10s",
            "--duration=25m");

    assertThat(last(result).ready()).isEqualTo(2);
    assertThat(last(result).fullest()).isGreaterThan(35);
    assertThat(last(result).emptiest()).isLessThan(5);
  }

  @Test
  void zonesGetPodsByTheirShares() {
    Result result =
        Simulated.of(
            "--autoscaling=off",
            "--pods=8",
            "--zones=1:3",
            "--zone-traffic=1000:1",
            "--streams=400",
            "--ramp=400/1s",
            "--clients=400",
            "--rebalance=off",
            "--choices=1",
            "--max-active=0",
            "--balancer=random",
            "--duration=1m");

    long podsWithMany =
        IntStream.of(last(result).streamsByPod()).filter(streams -> streams > 50).count();
    assertThat(podsWithMany).isEqualTo(2);
  }

  /** Ten streams of one channel, each handed off after 108 to 132 s: they wait for the last. */
  @Test
  void theStreamsOfAChannelReopenWhenTheLastOfThemIsOver() {
    Result result =
        Simulated.of(
            "--autoscaling=off",
            "--pods=2",
            "--streams=10",
            "--ramp=10/1s",
            "--clients=1",
            "--channels=1",
            "--reopen=together",
            "--max-stream-age=2m",
            "--max-connection-age=0",
            "--rebalance=off",
            "--duration=1h");

    assertThat(result.waitingShare()).isBetween(0.05, 0.2);
    assertThat(result.moved()).isBetween(200L, 300L);
    assertThat(result.moved() % 10 + last(result).open()).isIn(0L, 10L);
  }

  private static String[] and(String[] options, String... more) {
    List<String> all = new ArrayList<>(Arrays.asList(options));
    all.addAll(Arrays.asList(more));
    return all.toArray(String[]::new);
  }
}
