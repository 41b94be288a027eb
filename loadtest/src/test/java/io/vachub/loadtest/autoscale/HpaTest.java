package io.vachub.loadtest.autoscale;

import static org.assertj.core.api.Assertions.assertThat;

import io.vachub.loadtest.autoscale.ScalingRules.Policy;
import io.vachub.loadtest.autoscale.ScalingRules.Select;
import io.vachub.loadtest.autoscale.ScalingRules.Unit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Examples from Kubernetes' own documentation and enhancement proposal 853, and the bounds. */
class HpaTest {

  private static final int SYNC = 15_000;

  private static final ScalingRules DOWN_AT_ONCE =
      rules(0, Select.MAX, new Policy(Unit.PERCENT, 100, Duration.ofSeconds(15)));

  private static final ScalingRules TEN_PODS_A_MINUTE =
      rules(0, Select.MAX, new Policy(Unit.PODS, 10, Duration.ofSeconds(60)));

  private long now;

  @Test
  void takesTenPercentOrFourPodsAMinuteWhicheverIsMore() {
    // "if there are 80 replicas and the target has to be scaled down to 10 …"
    ScalingRules down =
        rules(
            0,
            Select.MAX,
            new Policy(Unit.PODS, 4, Duration.ofSeconds(60)),
            new Policy(Unit.PERCENT, 10, Duration.ofSeconds(60)));

    assertThat(minutes(hpa(1, 100, ScalingRules.UP_DEFAULT, down), 80, 150_000, 14))
        .containsExactly(72, 64, 57, 51, 45, 40, 36, 32, 28, 24, 20, 16, 12, 10);
  }

  @Test
  void growsTenfoldEachMinute() {
    // KEP-853: 900 % a minute, "1 -> 10 -> 100 -> 1000".
    ScalingRules up = rules(0, Select.MAX, new Policy(Unit.PERCENT, 900, Duration.ofSeconds(60)));

    assertThat(minutes(hpa(1, 1_000, up, DOWN_AT_ONCE), 1, 100_000_000, 4))
        .containsExactly(10, 100, 1_000, 1_000);
  }

  @Test
  void growsByAPodEachTenMinutes() {
    ScalingRules up = rules(0, Select.MAX, new Policy(Unit.PODS, 1, Duration.ofMinutes(10)));

    assertThat(minutes(hpa(1, 1_000, up, DOWN_AT_ONCE), 1, 100_000_000, 21))
        .startsWith(2, 2)
        .endsWith(3, 4)
        .containsOnly(2, 3, 4);
  }

  @Test
  void byDefaultDoublesOrAddsFourEachFifteenSeconds() {
    assertThat(rounds(hpa(1, 100, ScalingRules.UP_DEFAULT, DOWN_AT_ONCE), 3, 100_000_000, 5))
        .containsExactly(7, 14, 28, 56, 100);
  }

  @Test
  void theSmallestChangeOfSeveralPoliciesIfSoAsked() {
    ScalingRules up =
        rules(
            0,
            Select.MIN,
            new Policy(Unit.PODS, 4, Duration.ofSeconds(15)),
            new Policy(Unit.PERCENT, 100, Duration.ofSeconds(15)));

    assertThat(rounds(hpa(1, 100, up, DOWN_AT_ONCE), 3, 100_000_000, 3)).containsExactly(6, 10, 14);
  }

  @Test
  void neverInADirectionThatIsDisabled() {
    ScalingRules none = rules(0, Select.DISABLED);

    assertThat(rounds(hpa(1, 100, none, DOWN_AT_ONCE), 3, 100_000_000, 3)).containsOnly(3);
    assertThat(rounds(hpa(1, 100, ScalingRules.UP_DEFAULT, none), 50, 15_000, 3)).containsOnly(50);
  }

  @Test
  void goesDownOnlyToTheHighestOfTheLastFiveMinutes() {
    Hpa hpa = hpa(1, 100, ScalingRules.UP_DEFAULT, ScalingRules.DOWN_DEFAULT);
    round(hpa, 10, 150_000);
    long quietSince = now;

    List<Integer> after = rounds(hpa, 10, 60_000, 22);

    int held = (int) after.stream().filter(replicas -> replicas == 10).count();
    assertThat(after.get(after.size() - 1)).isEqualTo(4);
    assertThat(quietSince + (held + 1L) * SYNC - quietSince).isEqualTo(315_000 - SYNC);
  }

  @Test
  void aSpikeDoesNotPassAStabilizationWindowOnTheWayUp() {
    ScalingRules up = rules(60, Select.MAX, new Policy(Unit.PERCENT, 100, Duration.ofSeconds(15)));
    Hpa hpa = hpa(1, 100, up, DOWN_AT_ONCE);
    round(hpa, 10, 150_000);

    assertThat(round(hpa, 10, 300_000)).isEqualTo(10);
    assertThat(round(hpa, 10, 150_000)).isEqualTo(10);
    assertThat(rounds(hpa, 10, 300_000, 5)).containsExactly(10, 10, 10, 20, 20);
  }

  @Test
  void staysWithinItsBoundsAndReturnsToThem() {
    assertThat(rounds(hpa(3, 10, ScalingRules.UP_DEFAULT, DOWN_AT_ONCE), 3, 0, 1))
        .containsExactly(3);
    assertThat(round(hpa(3, 10, ScalingRules.UP_DEFAULT, DOWN_AT_ONCE), 12, 900_000)).isEqualTo(10);
    assertThat(round(hpa(3, 10, ScalingRules.UP_DEFAULT, DOWN_AT_ONCE), 1, 0)).isEqualTo(3);
  }

  @Test
  void whatItChangedWithinThePeriodCountsAgainstTheLimit() {
    // Three up, and seven more until the minute is over.
    Hpa up = hpa(1, 100, TEN_PODS_A_MINUTE, DOWN_AT_ONCE);
    assertThat(round(up, 10, 195_000)).isEqualTo(13);
    assertThat(rounds(up, 13, 100_000_000, 4)).containsExactly(20, 20, 20, 23);

    // Six down, and four more until the minute is over.
    Hpa down = hpa(1, 100, ScalingRules.UP_DEFAULT, TEN_PODS_A_MINUTE);
    assertThat(round(down, 50, 660_000)).isEqualTo(44);
    assertThat(rounds(down, 44, 15_000, 4)).containsExactly(40, 40, 40, 34);
  }

  @Test
  void whatItAddedIsNoPartOfWhatItMayTakeAway() {
    Hpa hpa = hpa(1, 100, TEN_PODS_A_MINUTE, TEN_PODS_A_MINUTE);
    assertThat(round(hpa, 20, 100_000_000)).isEqualTo(30);

    // Ten less than the 20 of a minute ago.
    assertThat(round(hpa, 30, 15_000)).isEqualTo(10);
  }

  @Test
  void withoutBehaviorTheHighestOfExactlyFiveMinutesHolds() {
    Hpa hpa = new Hpa(new HpaSettings(1, 100, 15_000, new Tolerances(0.1, 0.1), Optional.empty()));
    round(hpa, 10, 150_000);
    now = 300_000;
    assertThat(round(hpa, 10, 60_000)).isEqualTo(10);
    assertThat(round(hpa, 10, 60_000)).isEqualTo(4);
  }

  @Test
  void withoutAMetricItLeavesEverythingAsItIs() {
    Hpa hpa = hpa(1, 10, ScalingRules.UP_DEFAULT, DOWN_AT_ONCE);
    List<PodMetric> unread = Collections.nCopies(3, PodMetric.without(PodMetric.Phase.RUNNING));

    assertThat(hpa.byPods(0, 3, unread)).isEqualTo(3);
  }

  private List<Integer> minutes(Hpa hpa, int replicas, long sumMilli, int minutes) {
    List<Integer> seen = new ArrayList<>();
    for (int minute = 0; minute < minutes; minute++) {
      replicas = hpa.bySum(now, replicas, replicas, sumMilli);
      now += 60_000;
      seen.add(replicas);
    }
    return seen;
  }

  private List<Integer> rounds(Hpa hpa, int replicas, long sumMilli, int rounds) {
    List<Integer> seen = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      replicas = round(hpa, replicas, sumMilli);
      seen.add(replicas);
    }
    return seen;
  }

  private int round(Hpa hpa, int replicas, long sumMilli) {
    int desired = hpa.bySum(now, replicas, replicas, sumMilli);
    now += SYNC;
    return desired;
  }

  private static Hpa hpa(int min, int max, ScalingRules up, ScalingRules down) {
    return new Hpa(
        new HpaSettings(
            min,
            max,
            15_000,
            new Tolerances(0.1, 0.1),
            Optional.of(new HpaSettings.Behavior(up, down))));
  }

  private static ScalingRules rules(int windowSeconds, Select select, Policy... policies) {
    return new ScalingRules(Duration.ofSeconds(windowSeconds), select, List.of(policies));
  }
}
