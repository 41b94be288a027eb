package io.vachub.loadtest.simulation;

import io.vachub.loadtest.fleet.Pods;
import io.vachub.policy.Fleet;
import io.vachub.policy.Fleet.Peer;
import io.vachub.policy.PeerSample;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** The pods that know each other: those that are ready. */
final class SimulatedPeers {

  private final Pods pods;
  private final RandomGenerator random;
  private int[] known = new int[16];
  private int[] place = new int[16];
  private int count;

  SimulatedPeers(Pods pods, RandomGenerator random) {
    this.pods = pods;
    this.random = random;
  }

  void add(int pod) {
    if (count == known.length) {
      known = Arrays.copyOf(known, count * 2);
    }
    if (pod >= place.length) {
      place = Arrays.copyOf(place, pod * 2);
    }
    place[pod] = count;
    known[count++] = pod;
  }

  /** A pod that is known is no more. */
  void remove(int pod) {
    int last = known[--count];
    known[place[pod]] = last;
    place[last] = place[pod];
  }

  int count() {
    return count;
  }

  /** The fleet as this pod, which is known, sees it. */
  Fleet fleetOf(int pod) {
    List<Integer> others = new OthersThan(pod);
    List<Peer> answers =
        PeerSample.of(others, random).stream()
            .map(peer -> new Peer(pods.open(peer), pods.revision(peer), pods.isLeaving(peer)))
            .toList();
    return Fleet.of(pods.revision(pod), others.size(), answers.size(), answers);
  }

  /** All but one, without a copy for each of a large fleet. */
  private final class OthersThan extends AbstractList<Integer> {

    private final int without;

    OthersThan(int pod) {
      this.without = place[pod];
    }

    @Override
    public Integer get(int index) {
      return known[index < without ? index : index + 1];
    }

    @Override
    public int size() {
      return count - 1;
    }
  }
}
