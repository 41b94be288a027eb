package io.vachub.policy;

/** Why a pod turns a stream away before its header; the value of the metric's label. */
public enum RefusalReason {
  /** At {@code vachub.streams.max-active}. */
  FULL("full"),
  /** It holds its share, and an emptier pod may be found. */
  ABOVE_MEAN("above_mean"),
  /** It shuts down, or goes next in a rollout. */
  LEAVING("leaving");

  private final String label;

  RefusalReason(String label) {
    this.label = label;
  }

  /** The reason as metrics see it. */
  public String label() {
    return label;
  }
}
