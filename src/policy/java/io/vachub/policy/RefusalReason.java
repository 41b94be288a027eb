package io.vachub.policy;

/** Why a pod refuses a stream before any response header; the value of the metric's label. */
public enum RefusalReason {
  /** At {@code vachub.streams.max-active}. */
  FULL("full"),
  /** The pod holds the mean or more, and the client may find an emptier one. */
  ABOVE_MEAN("above_mean"),
  /** The pod shuts down, or will be replaced next in a rollout. */
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
