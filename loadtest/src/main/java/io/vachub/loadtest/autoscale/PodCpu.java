package io.vachub.loadtest.autoscale;

import java.util.OptionalLong;

/**
 * A pod's CPU as the HPA sees it. Times are how long ago something was, in milliseconds.
 *
 * @param phase its phase
 * @param requestMilli what it asks for, in thousandths of a processor
 * @param usageMilli what it uses, if that is known
 * @param sampledAgo when its use was measured
 * @param windowMillis the time over which it was measured
 * @param startedAgo when it was started; empty before
 * @param isReady whether it is
 * @param changedAgo when it became so; empty where it never was either
 */
public record PodCpu(
    PodMetric.Phase phase,
    long requestMilli,
    OptionalLong usageMilli,
    long sampledAgo,
    long windowMillis,
    OptionalLong startedAgo,
    boolean isReady,
    OptionalLong changedAgo) {

  /**
   * Whether its usage does not count yet: within {@code initialization} of its start while it is
   * not ready, or was not for the whole of the window; later if it has never been ready, which is
   * so if it last changed within {@code readinessDelay} of its start.
   */
  boolean isUnready(long initializationMillis, long readinessDelayMillis) {
    if (startedAgo.isEmpty() || changedAgo.isEmpty()) {
      return true;
    }
    return startedAgo.getAsLong() < initializationMillis
        ? !isReady || sampledAgo > changedAgo.getAsLong() - windowMillis
        : !isReady && changedAgo.getAsLong() > startedAgo.getAsLong() - readinessDelayMillis;
  }
}
