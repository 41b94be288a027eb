package io.vachub.loadtest.simulation;

/**
 * How a Deployment replaces its pods by those of a new revision, with the chart's {@code maxSurge}
 * of a quarter and {@code maxUnavailable} of 0. Pods that shut down do not count.
 */
final class Rollout {

  private static final double MAX_SURGE = 0.25;

  private Rollout() {}

  /**
   * How many new pods to make now.
   *
   * @param desired pods that the Deployment asks for
   * @param all pods that there are, of either revision, ready or not
   * @param current those of the new revision
   */
  static int toMake(int desired, int all, int current) {
    int most = desired + (int) Math.ceil(desired * MAX_SURGE);
    return Math.max(0, Math.min(most - all, desired - current));
  }

  /** How many old pods to remove now, if so many pods serve in all. */
  static int toRemove(int desired, int ready) {
    return Math.max(0, ready - desired);
  }
}
