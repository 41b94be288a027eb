package io.vachub.loadtest.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vachub.loadtest.fleet.Balancer.Choice;
import io.vachub.policy.Revision;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BalancerTest {

  private static final int[] AS_ITS_PODS = {};

  private final Pods pods = new Pods();

  @Test
  void roundRobinTakesEachInTurnAndLeavesOutWhatIsGone() {
    Balancer balancer = balancer(Choice.ROUND_ROBIN, 1, AS_ITS_PODS, 3);

    open(balancer, 0, 300);
    assertThat(new int[] {pods.open(0), pods.open(1), pods.open(2)}).containsOnly(100);

    balancer.remove(1);
    open(balancer, 0, 100);
    assertThat(new int[] {pods.open(0), pods.open(1), pods.open(2)}).containsExactly(150, 100, 150);
  }

  @Test
  void leastOfTwoIsMoreEvenThanRandom() {
    Balancer random = balancer(Choice.RANDOM, 1, AS_ITS_PODS, 20);
    open(random, 0, 2_000);
    int fullest = fullest();
    pods.make(0, 0, Revision.UNKNOWN, null);
    BalancerTest other = new BalancerTest();
    other.open(other.balancer(Choice.LEAST_OF_TWO, 1, AS_ITS_PODS, 20), 0, 2_000);

    assertThat(other.fullest()).isLessThan(fullest).isLessThan(106);
  }

  @Test
  void aZoneGetsItsShareOfTheConnections() {
    assertThat(shareOfFirstZone(AS_ITS_PODS)).isCloseTo(0.5, within(0.02));
    assertThat(shareOfFirstZone(new int[] {1, 3})).isCloseTo(0.25, within(0.02));
  }

  @Test
  void staysInTheZoneWhileItHasAPod() {
    Balancer balancer = balancer(Choice.RANDOM, 2, AS_ITS_PODS, 4);
    for (int i = 0; i < 100; i++) {
      assertThat(pods.zone(balancer.pod(1))).isEqualTo(1);
    }
    balancer.remove(1);
    balancer.remove(3);

    assertThat(pods.zone(balancer.pod(1))).isZero();
    balancer.remove(0);
    balancer.remove(2);
    assertThat(balancer.pod(1)).isEqualTo(Balancer.NONE);
  }

  private double shareOfFirstZone(int[] traffic) {
    Balancer balancer = new BalancerTest().balancer(Choice.RANDOM, 2, traffic, 6);
    int first = 0;
    for (int i = 0; i < 10_000; i++) {
      first += balancer.zone() == 0 ? 1 : 0;
    }
    return first / 10_000.0;
  }

  /** Pods in turn in each zone. */
  private Balancer balancer(Choice choice, int zones, int[] traffic, int many) {
    Balancer balancer = new Balancer(choice, pods, zones, traffic, new SplittableRandom(1));
    for (int i = 0; i < many; i++) {
      balancer.add(pods.make(i % zones, 0, Revision.UNKNOWN, null));
    }
    return balancer;
  }

  private void open(Balancer balancer, int zone, int streams) {
    for (int i = 0; i < streams; i++) {
      pods.opened(balancer.pod(zone));
    }
  }

  private int fullest() {
    int fullest = 0;
    for (int pod = 0; pod < pods.made(); pod++) {
      fullest = Math.max(fullest, pods.open(pod));
    }
    return fullest;
  }
}
