package io.vachub.loadtest.autoscale;

import java.util.Collection;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How many pods a metric requires: Kubernetes' {@code replica_calculator.go} for metrics of the
 * types Pods and External, both with an AverageValue, and for the pods' CPU with an
 * AverageUtilization. Values are whole thousandths, and are divided as Go divides them.
 */
final class ReplicaCalculator {

  /**
   * When scaling down, a pod without a metric is assumed to use at least this share of its request.
   */
  private static final int WHOLE_REQUEST_PERCENT = 100;

  private final Tolerances tolerances;

  ReplicaCalculator(Tolerances tolerances) {
    this.tolerances = tolerances;
  }

  /**
   * For a metric of each pod.
   *
   * @param replicas the Deployment's current number of replicas
   * @return empty if no pod has a metric: the HPA then changes nothing
   */
  OptionalInt byPods(int replicas, long targetMilli, Collection<PodMetric> pods) {
    Sums sums = new Sums();
    for (PodMetric pod : pods) {
      sums.add(pod.phase(), pod.milli(), false, 1);
    }
    return replicas(
        replicas,
        sums,
        targetMilli * sums.missing,
        (sum, requests, many) -> (double) (sum / many) / targetMilli);
  }

  /**
   * For the CPU that the pods use, as a share of what they request.
   *
   * @param replicas the Deployment's current number of replicas
   * @param initializationMillis the controller's {@code cpu-initialization-period}
   * @param readinessDelayMillis the controller's {@code initial-readiness-delay}
   * @return empty where no pod has a metric that counts
   */
  OptionalInt byCpu(
      int replicas,
      int targetPercent,
      Collection<PodCpu> pods,
      long initializationMillis,
      long readinessDelayMillis) {
    Sums sums = new Sums();
    for (PodCpu pod : pods) {
      sums.add(
          pod.phase(),
          pod.usageMilli(),
          pod.isUnready(initializationMillis, readinessDelayMillis),
          pod.requestMilli());
    }
    int fallback = Math.max(WHOLE_REQUEST_PERCENT, targetPercent);
    return replicas(
        replicas,
        sums,
        sums.missingRequests * fallback / 100,
        (sum, requests, many) -> (double) (sum * 100 / requests) / targetPercent);
  }

  /** The metric over the target, of so many pods. */
  private interface Ratio {
    double of(long sum, long requests, int pods);
  }

  private static final class Sums {
    private long sum;
    private long requests;
    private int counted;
    private int unready;
    private long unreadyRequests;
    private int missing;
    private long missingRequests;

    void add(PodMetric.Phase phase, OptionalLong value, boolean isUnready, long request) {
      if (phase == PodMetric.Phase.TERMINATING) {
        return;
      }
      if (phase == PodMetric.Phase.PENDING || value.isPresent() && isUnready) {
        unready++;
        unreadyRequests += request;
      } else if (value.isEmpty()) {
        missing++;
        missingRequests += request;
      } else {
        counted++;
        sum += value.getAsLong();
        requests += request;
      }
    }
  }

  private OptionalInt replicas(int replicas, Sums pods, long missingOnTheWayDown, Ratio ratioOf) {
    if (pods.counted == 0) {
      return OptionalInt.empty();
    }
    double ratio = ratioOf.of(pods.sum, pods.requests, pods.counted);
    boolean upWithUnready = pods.unready > 0 && ratio > 1;
    if (!upWithUnready && pods.missing == 0) {
      return OptionalInt.of(
          tolerances.isWithin(ratio) ? replicas : (int) Math.ceil(ratio * pods.counted));
    }
    // Missing values count as those that change least; if the target is met, not at all.
    long sum = pods.sum;
    long requests = pods.requests;
    int many = pods.counted;
    if (ratio != 1) {
      sum += ratio < 1 ? missingOnTheWayDown : 0;
      requests += pods.missingRequests;
      many += pods.missing;
    }
    if (upWithUnready) {
      requests += pods.unreadyRequests;
      many += pods.unready;
    }
    return OptionalInt.of(cautious(replicas, ratio, ratioOf.of(sum, requests, many), many));
  }

  private int cautious(int replicas, double ratio, double newRatio, int pods) {
    boolean turned = ratio < 1 && newRatio > 1 || ratio > 1 && newRatio < 1;
    if (tolerances.isWithin(newRatio) || turned) {
      return replicas;
    }
    int wanted = (int) Math.ceil(newRatio * pods);
    boolean contrary = newRatio < 1 && wanted > replicas || newRatio > 1 && wanted < replicas;
    return contrary ? replicas : wanted;
  }

  /**
   * For one metric of the whole fleet.
   *
   * @param replicas the pods that there are, without terminating ones
   * @param sumMilli the metric
   */
  int bySum(int replicas, long targetMilli, long sumMilli) {
    double ratio = sumMilli / ((double) targetMilli * replicas);
    return tolerances.isWithin(ratio) ? replicas : (int) Math.ceil((double) sumMilli / targetMilli);
  }
}
