package io.vachub.loadtest.autoscale;

import java.util.OptionalLong;

/**
 * A pod as the HPA sees it.
 *
 * @param phase its phase
 * @param milli its metric in thousandths, if there is one
 */
public record PodMetric(Phase phase, OptionalLong milli) {

  /** The phases that the HPA distinguishes if the metric is not CPU. */
  public enum Phase {
    /** Waiting for a node or an image. */
    PENDING,
    /** Its containers run, be they ready or not. */
    RUNNING,
    /** It has a deletion timestamp, or failed. */
    TERMINATING
  }

  /** A running pod with this metric. */
  public static PodMetric running(long milli) {
    return new PodMetric(Phase.RUNNING, OptionalLong.of(milli));
  }

  /** A pod without a metric. */
  public static PodMetric without(Phase phase) {
    return new PodMetric(phase, OptionalLong.empty());
  }
}
