package io.vachub.loadtest.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.vachub.loadtest.fleet.Pods;
import io.vachub.policy.Fleet;
import io.vachub.policy.Revision;
import java.util.HashSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SimulatedPeersTest {

  private final Pods pods = new Pods();
  private final SimulatedPeers peers = new SimulatedPeers(pods, new SplittableRandom(1));

  @Test
  void aSmallFleetAsksAllButItself() {
    make(4);
    pods.opened(2);

    Fleet fleet = peers.fleetOf(0);

    assertThat(fleet.peers()).isEqualTo(3);
    assertThat(fleet.asked()).isEqualTo(3);
    assertThat(fleet.streams()).containsExactlyInAnyOrder(0, 1, 0);
  }

  @Test
  void aLargeFleetAsksASampleOfOthersAnewEachTime() {
    make(100);
    for (int pod = 0; pod < 100; pod++) {
      for (int i = 0; i < pod; i++) {
        pods.opened(pod);
      }
    }
    HashSet<Integer> seen = new HashSet<>();
    for (int round = 0; round < 50; round++) {
      Fleet fleet = peers.fleetOf(7);
      assertThat(fleet.peers()).isEqualTo(99);
      assertThat(fleet.streams()).hasSize(32).doesNotHaveDuplicates().doesNotContain(7);
      seen.addAll(fleet.streams());
    }

    assertThat(seen).hasSize(99);
  }

  private void make(int many) {
    for (int i = 0; i < many; i++) {
      peers.add(pods.make(0, 0, Revision.UNKNOWN, null));
    }
  }
}
