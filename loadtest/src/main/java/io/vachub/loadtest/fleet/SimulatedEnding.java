package io.vachub.loadtest.fleet;

import io.vachub.loadtest.measure.Cause;
import io.vachub.policy.HandoffReason;
import io.vachub.policy.RefusalReason;

/** How a simulated stream, or the attempt to open one, can end. */
public enum SimulatedEnding {
  COMPLETED(null),
  HANDOFF_AGE(handoff(HandoffReason.AGE)),
  HANDOFF_CONNECTION_AGE(handoff(HandoffReason.CONNECTION_AGE)),
  HANDOFF_REBALANCE(handoff(HandoffReason.REBALANCE)),
  HANDOFF_DRAIN(handoff(HandoffReason.DRAIN)),
  /** Force-closed after a GOAWAY. */
  CUT(Cause.GOAWAY),
  /** Its pod was killed. */
  KILLED(Cause.RESET),
  /** At the pod's limit. */
  REFUSED_FULL(refused(RefusalReason.FULL)),
  /** In favour of an emptier pod. */
  REFUSED_ABOVE_MEAN(refused(RefusalReason.ABOVE_MEAN)),
  /** In favour of a pod that stays. */
  REFUSED_LEAVING(refused(RefusalReason.LEAVING)),
  /** There was no pod, or the one that the balancer chose accepts no more streams. */
  UNREACHED(Cause.CONNECT);

  private final Cause cause;

  SimulatedEnding(Cause cause) {
    this.cause = cause;
  }

  /** The ending that the service gives this reason for. */
  public static SimulatedEnding of(HandoffReason reason) {
    return switch (reason) {
      case AGE -> HANDOFF_AGE;
      case CONNECTION_AGE -> HANDOFF_CONNECTION_AGE;
      case REBALANCE -> HANDOFF_REBALANCE;
      case DRAIN -> HANDOFF_DRAIN;
    };
  }

  /** The refusal that the service gives this reason for. */
  public static SimulatedEnding of(RefusalReason reason) {
    return switch (reason) {
      case FULL -> REFUSED_FULL;
      case ABOVE_MEAN -> REFUSED_ABOVE_MEAN;
      case LEAVING -> REFUSED_LEAVING;
    };
  }

  /** Whether the service handed the stream off. */
  public boolean isHandoff() {
    return cause != null && cause.kind() == Cause.Kind.HANDOFF;
  }

  /** The cause by its name in reports; null for a stream that its client completed. */
  public Cause cause() {
    return cause;
  }

  private static Cause refused(RefusalReason reason) {
    return Cause.refused(reason.label());
  }

  private static Cause handoff(HandoffReason reason) {
    return Cause.handoff(reason.label());
  }
}
