package io.vachub.loadtest.simulation;

import io.vachub.loadtest.fleet.Pods;
import io.vachub.policy.Fleet;
import io.vachub.policy.PeerSample;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The pods that know each other, as the service's own {@code Peers}: it asks 32 of them at most.
 */
final class Peers {

  private static final int MAX_ASKED = PeerSample.MAX;

  private final Pods pods;
  private final RandomGenerator random;
  private final int[] answers = new int[MAX_ASKED];
  private int[] known = new int[16];
  private int count;
  private int[] askedBy = new int[0];
  private int round;

  Peers(Pods pods, RandomGenerator random) {
    this.pods = pods;
    this.random = random;
  }

  void add(int pod) {
    if (count == known.length) {
      known = Arrays.copyOf(known, count * 2);
    }
    known[count++] = pod;
  }

  void remove(int pod) {
    for (int i = 0; i < count; i++) {
      if (known[i] == pod) {
        known[i] = known[--count];
        return;
      }
    }
  }

  int count() {
    return count;
  }

  /** The fleet as this pod sees it; good until the next call. */
  Fleet fleetOf(int pod) {
    int others = count - 1;
    int asked = 0;
    if (others <= MAX_ASKED) {
      for (int i = 0; i < count; i++) {
        if (known[i] != pod) {
          answers[asked++] = pods.open(known[i]);
        }
      }
    } else {
      round++;
      if (askedBy.length < pods.made()) {
        askedBy = Arrays.copyOf(askedBy, pods.made() * 2);
      }
      askedBy[pod] = round;
      while (asked < MAX_ASKED) {
        int peer = known[random.nextInt(count)];
        if (askedBy[peer] != round) {
          askedBy[peer] = round;
          answers[asked++] = pods.open(peer);
        }
      }
    }
    return new Fleet(others, asked, asked, new Counts(answers, asked), 0);
  }

  /** A list of numbers that are not worth an array of objects. */
  private static final class Counts extends AbstractList<Integer> {

    private final int[] counts;
    private final int size;

    Counts(int[] counts, int size) {
      this.counts = counts;
      this.size = size;
    }

    @Override
    public Integer get(int index) {
      return counts[index];
    }

    @Override
    public int size() {
      return size;
    }
  }
}
