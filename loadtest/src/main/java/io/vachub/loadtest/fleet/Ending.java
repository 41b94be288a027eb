package io.vachub.loadtest.fleet;

import io.vachub.loadtest.measure.Cause;
import io.vachub.policy.HandoffReason;

/** How a simulated stream, or the attempt to open one, can end. */
public enum Ending {
  COMPLETED(null),
  HANDOFF_AGE(handoff(HandoffReason.AGE)),
  HANDOFF_CONNECTION_AGE(handoff(HandoffReason.CONNECTION_AGE)),
  HANDOFF_REBALANCE(handoff(HandoffReason.REBALANCE)),
  HANDOFF_DRAIN(handoff(HandoffReason.DRAIN)),
  /** Closed by force after a GOAWAY. */
  CUT(Cause.GOAWAY),
  /** At the pod's limit. */
  REFUSED(Cause.REFUSED),
  /** No pod was there, or the one that the balancer chose takes none any more. */
  UNREACHED(Cause.CONNECT);

  private final Cause cause;

  Ending(Cause cause) {
    this.cause = cause;
  }

  /** The ending that the service gives this reason for. */
  public static Ending of(HandoffReason reason) {
    return switch (reason) {
      case AGE -> HANDOFF_AGE;
      case CONNECTION_AGE -> HANDOFF_CONNECTION_AGE;
      case REBALANCE -> HANDOFF_REBALANCE;
      case DRAIN -> HANDOFF_DRAIN;
    };
  }

  /** Whether the service handed the stream off. */
  public boolean isHandoff() {
    return cause != null && cause.kind() == Cause.Kind.HANDOFF;
  }

  /** The cause by its name in reports; null for a stream that its client was done with. */
  public Cause cause() {
    return cause;
  }

  private static Cause handoff(HandoffReason reason) {
    return Cause.handoff(reason.label());
  }
}
