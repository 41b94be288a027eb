package io.vachub.loadtest.autoscale;

import java.util.Collection;
import java.util.OptionalInt;

/**
 * How many pods a metric asks for: Kubernetes' {@code replica_calculator.go} for metrics of the
 * types Pods and External, both with an AverageValue. Values are whole thousandths, and are divided
 * as Go divides them.
 */
final class ReplicaCalculator {

  private final long targetMilli;
  private final double tolerance;

  ReplicaCalculator(long targetMilli, double tolerance) {
    this.targetMilli = targetMilli;
    this.tolerance = tolerance;
  }

  /**
   * For a metric of each pod.
   *
   * @param replicas what the Deployment asks for now
   * @return empty where no pod has a metric: the HPA then leaves everything as it is
   */
  OptionalInt byPods(int replicas, Collection<PodMetric> pods) {
    long sum = 0;
    int counted = 0;
    int pending = 0;
    int missing = 0;
    for (PodMetric pod : pods) {
      switch (pod.phase()) {
        case TERMINATING -> {}
        case PENDING -> pending++;
        case RUNNING -> {
          if (pod.milli().isPresent()) {
            sum += pod.milli().getAsLong();
            counted++;
          } else {
            missing++;
          }
        }
      }
    }
    if (counted == 0) {
      return OptionalInt.empty();
    }
    double ratio = ratio(sum, counted);
    boolean upWithPending = pending > 0 && ratio > 1;
    if (!upWithPending && missing == 0) {
      return OptionalInt.of(isWithinTolerance(ratio) ? replicas : (int) Math.ceil(ratio * counted));
    }
    // What is not known counts for what changes least: the target on the way down, 0 on the way up.
    long assumed = ratio < 1 ? targetMilli * missing : 0;
    int all = counted + missing + (upWithPending ? pending : 0);
    return OptionalInt.of(cautious(replicas, ratio, ratio(sum + assumed, all), all));
  }

  private int cautious(int replicas, double ratio, double newRatio, int pods) {
    boolean turned = ratio < 1 && newRatio > 1 || ratio > 1 && newRatio < 1;
    if (isWithinTolerance(newRatio) || turned) {
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
  int bySum(int replicas, long sumMilli) {
    double ratio = sumMilli / ((double) targetMilli * replicas);
    return isWithinTolerance(ratio) ? replicas : (int) Math.ceil((double) sumMilli / targetMilli);
  }

  private double ratio(long sum, int pods) {
    return (double) (sum / pods) / targetMilli;
  }

  private boolean isWithinTolerance(double ratio) {
    return 1 - tolerance <= ratio && ratio <= 1 + tolerance;
  }
}
