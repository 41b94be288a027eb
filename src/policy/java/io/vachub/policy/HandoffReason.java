package io.vachub.policy;

/** Why the server hands a stream off; the value of the trailer and of the metric's label. */
public enum HandoffReason {
  /** The stream reached {@code vachub.handoff.max-stream-age}. */
  AGE("age"),
  /** Its connection is about to be closed by {@code grpc.server.max-connection-age}. */
  CONNECTION_AGE("connection_age"),
  /**
   * This pod has more streams than the mean; the client should open the next one on a new
   * connection.
   */
  REBALANCE("rebalance"),
  /** This pod is shutting down. */
  DRAIN("drain");

  private final String label;

  HandoffReason(String label) {
    this.label = label;
  }

  /** The reason as clients and metrics see it. */
  public String label() {
    return label;
  }
}
