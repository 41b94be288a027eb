package io.vachub.loadtest.simulation;

import io.vachub.loadtest.fleet.SimulatedEnding;
import java.util.Map;

/**
 * A simulated fleet at one time, and what ended since the one before.
 *
 * @param second the time
 * @param planned streams that should be open
 * @param open streams that are
 * @param needed pods that this many streams need at the target; at least the autoscaler's minimum
 * @param desired pods that the autoscaler asks for
 * @param ready pods that serve
 * @param shuttingDown pods that shut down
 * @param fullest streams on the fullest pod that serves
 * @param emptiest streams on the emptiest pod that serves
 * @param mean streams on a pod that serves, on average
 * @param ended streams that ended early since the interval before, and attempts to open one
 * @param streamsByPod streams on each pod ever made; empty for a large fleet
 */
public record Interval(
    int second,
    int planned,
    int open,
    int needed,
    int desired,
    int ready,
    int shuttingDown,
    int fullest,
    int emptiest,
    double mean,
    Map<SimulatedEnding, Long> ended,
    int[] streamsByPod) {

  /** The fullest pod over the mean of all that serve, empty ones too; 0 where no stream is open. */
  public double maxOverMean() {
    return mean > 0 ? fullest / mean : 0;
  }

  /** Streams handed off since the interval before. */
  public long moved() {
    return ended.entrySet().stream()
        .filter(entry -> entry.getKey().isHandoff())
        .mapToLong(Map.Entry::getValue)
        .sum();
  }
}
