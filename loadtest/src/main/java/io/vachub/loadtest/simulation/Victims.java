package io.vachub.loadtest.simulation;

import io.vachub.loadtest.fleet.Pods;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;

/**
 * Which pod a ReplicaSet deletes: one that is pending, one that starts, else one of the youngest.
 */
final class Victims {

  private Victims() {}

  /**
   * The pod to delete. Among ready ones Kubernetes looks at the age on a logarithmic scale, and
   * chooses by chance where that is the same.
   */
  static int choose(Pods pods, IntPredicate candidates, int nowMillis, RandomGenerator random) {
    int victim = -1;
    int rankOfVictim = Integer.MAX_VALUE;
    int equals = 0;
    for (int pod = 0; pod < pods.made(); pod++) {
      if (!pods.counts(pod) || !candidates.test(pod)) {
        continue;
      }
      int rank = rank(pods, pod, nowMillis);
      if (rank < rankOfVictim) {
        victim = pod;
        rankOfVictim = rank;
        equals = 1;
      } else if (rank == rankOfVictim && random.nextInt(++equals) == 0) {
        victim = pod;
      }
    }
    return victim;
  }

  private static int rank(Pods pods, int pod, int nowMillis) {
    return switch (pods.state(pod)) {
      case PENDING -> -2;
      case STARTING -> -1;
      default -> {
        long nanos = (nowMillis - pods.since(pod)) * 1_000_000L;
        yield nanos > 0 ? (int) (Math.log(nanos) / Math.log(2)) : 0;
      }
    };
  }
}
