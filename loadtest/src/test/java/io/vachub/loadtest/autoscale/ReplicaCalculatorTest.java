package io.vachub.loadtest.autoscale;

import static org.assertj.core.api.Assertions.assertThat;

import io.vachub.loadtest.autoscale.PodMetric.Phase;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Cases with a name of Kubernetes' have their figures from its replica_calculator_test.go. */
class ReplicaCalculatorTest {

  @Test
  void testReplicaCalcScaleUpCM() {
    assertThat(byPods(3, 15_000, running(20_000, 10_000, 30_000))).isEqualTo(4);
  }

  @Test
  void testReplicaCalcScaleUpCMUnreadyHotCpuNoLessScale() {
    assertThat(byPods(3, 15_000, running(50_000, 10_000, 30_000))).isEqualTo(6);
  }

  @Test
  void testReplicaCalcScaleUpCMUnreadyHotCpuScaleUpNoMore() {
    assertThat(byPods(3, 15_000, running(50_000, 15_000, 30_000))).isEqualTo(7);
  }

  @Test
  void testReplicaCalcScaleDownCM() {
    assertThat(byPods(5, 20_000, running(12_000, 12_000, 12_000, 12_000, 12_000))).isEqualTo(3);
  }

  @Test
  void testReplicaCalcToleranceCM() {
    assertThat(byPods(3, 20_000, running(20_000, 21_000, 21_000))).isEqualTo(3);
  }

  @Test
  void testReplicaCalcScaleUpPerPodCMExternal() {
    assertThat(calculator().bySum(3, 2_150, 8_600)).isEqualTo(4);
  }

  @Test
  void testReplicaCalcScaleDownPerPodCMExternal() {
    assertThat(calculator().bySum(5, 2_867, 8_600)).isEqualTo(3);
  }

  @Test
  void testReplicaCalcTolerancePerPodCMExternal() {
    assertThat(calculator().bySum(3, 2_888, 8_600)).isEqualTo(3);
  }

  @Test
  void toleranceIncludesItsEnds() {
    assertThat(byPods(2, 10_000, running(11_000, 11_000))).isEqualTo(2);
    assertThat(byPods(2, 10_000, running(11_001, 11_001))).isEqualTo(3);
    assertThat(byPods(10, 10_000, Collections.nCopies(10, PodMetric.running(9_000)))).isEqualTo(10);
    assertThat(byPods(10, 10_000, Collections.nCopies(10, PodMetric.running(8_999)))).isEqualTo(9);
  }

  @Test
  void aMissingPodCountsForNothingOnTheWayUp() {
    // Two at 30 say 2.0; with a third at 0 the mean is 20: 1.33 of three are four.
    assertThat(byPods(3, 15_000, and(running(30_000, 30_000), Phase.RUNNING, 1))).isEqualTo(4);
  }

  @Test
  void aMissingPodCountsForTheTargetOnTheWayDown() {
    // Two at 5 say 0.33; with a third at 15 the mean is 8.333: 0.556 of three are two.
    assertThat(byPods(3, 15_000, and(running(5_000, 5_000), Phase.RUNNING, 1))).isEqualTo(2);
  }

  @Test
  void missingPodsThatWouldTurnItAroundLeaveItAlone() {
    // One at 20 says 1.33; with two at 0 it would be 0.44.
    assertThat(byPods(3, 15_000, and(running(20_000), Phase.RUNNING, 2))).isEqualTo(3);
  }

  @Test
  void pendingPodsCountForNothingOnTheWayUpAndNotAtAllOnTheWayDown() {
    // Three at 30 and three pending: 15 on average, which is the target.
    assertThat(byPods(6, 15_000, and(running(30_000, 30_000, 30_000), Phase.PENDING, 3)))
        .isEqualTo(6);
    assertThat(byPods(6, 15_000, and(running(5_000, 5_000, 5_000), Phase.PENDING, 3))).isEqualTo(1);
  }

  @Test
  void pendingPodsKeepAFleetThatIsAtItsTargetOnceTheyCount() {
    // 15 on average with them, which is the target; 2.0 of three without.
    assertThat(byPods(5, 15_000, and(running(30_000, 30_000, 30_000), Phase.PENDING, 3)))
        .isEqualTo(5);
  }

  @Test
  void pendingPodsDoNotCountWhereTheTargetIsMet() {
    assertThat(byPods(6, 15_000, and(running(15_000, 15_000, 15_000), Phase.PENDING, 3)))
        .isEqualTo(6);
  }

  @Test
  void aSumWithinTheToleranceChangesNothing() {
    assertThat(calculator().bySum(20, 1_000, 21_900)).isEqualTo(20);
    assertThat(calculator().bySum(20, 1_000, 22_100)).isEqualTo(23);
    assertThat(calculator().bySum(20, 1_000, 18_100)).isEqualTo(20);
    assertThat(calculator().bySum(20, 1_000, 17_900)).isEqualTo(18);
  }

  @Test
  void terminatingPodsAreNotThere() {
    List<PodMetric> pods = and(running(15_000, 15_000), Phase.RUNNING, 0);
    pods.add(new PodMetric(Phase.TERMINATING, java.util.OptionalLong.of(60_000)));

    assertThat(byPods(2, 15_000, pods)).isEqualTo(2);
  }

  @Test
  void withoutAnyMetricNothingIsProposed() {
    assertThat(calculator().byPods(3, 15_000, and(running(), Phase.RUNNING, 3))).isEmpty();
    assertThat(calculator().byPods(3, 15_000, and(running(), Phase.PENDING, 3))).isEmpty();
  }

  @Test
  void aPodWithoutAMetricDoesNotCountWhereTheTargetIsMet() {
    List<PodMetric> pods = and(running(15_000, 15_000, 15_000), Phase.RUNNING, 2);

    assertThat(byPods(5, 15_000, pods)).isEqualTo(5);
  }

  @Test
  void theTolerancesOfBothDirectionsDiffer() {
    ReplicaCalculator calculator = new ReplicaCalculator(new Tolerances(0.3, 0.05));

    assertThat(calculator.byPods(2, 10_000, running(13_000, 13_000))).hasValue(2);
    assertThat(calculator.byPods(2, 10_000, running(14_000, 14_000))).hasValue(3);
    assertThat(calculator.byPods(4, 10_000, running(9_000, 9_000, 9_000, 9_000))).hasValue(4);
    assertThat(calculator.byPods(4, 10_000, running(7_000, 7_000, 7_000, 7_000))).hasValue(3);
  }

  private static int byPods(int replicas, long target, List<PodMetric> pods) {
    return calculator().byPods(replicas, target, pods).orElseThrow();
  }

  private static ReplicaCalculator calculator() {
    return new ReplicaCalculator(new Tolerances(0.1, 0.1));
  }

  private static List<PodMetric> running(long... milli) {
    return LongStream.of(milli).mapToObj(PodMetric::running).toList();
  }

  private static List<PodMetric> and(List<PodMetric> pods, Phase phase, int more) {
    List<PodMetric> all = new ArrayList<>(pods);
    all.addAll(Collections.nCopies(more, PodMetric.without(phase)));
    return all;
  }
}
