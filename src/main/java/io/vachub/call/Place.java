package io.vachub.call;

/** Where an interceptor of the house stands in the way of a call, the first first. */
public enum Place {
  /** Refuses what no call may bring. */
  HEADERS(true, true),
  /** Keeps the calls that only watch, and would never end. */
  WATCH(false, true),
  /** Opens the call's span. */
  TRACE(true, false),
  /** Tells balancers how full this pod is, with a refusal too. */
  LOAD_REPORT(true, false),
  /** Counts the call in, or refuses it. */
  CAPACITY(true, false),
  /** Makes the call one that can be handed off. */
  HANDOFF(true, false),
  /** Answers with this pod's name, in the call's own turn and so behind the handoff. */
  POD(true, false);

  private final boolean forApplicationCalls;
  private final boolean forOthers;

  Place(boolean forApplicationCalls, boolean forOthers) {
    this.forApplicationCalls = forApplicationCalls;
    this.forOthers = forOthers;
  }

  boolean isFor(boolean applicationCall) {
    return applicationCall ? forApplicationCalls : forOthers;
  }
}
