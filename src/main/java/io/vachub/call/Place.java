package io.vachub.call;

/** The positions in the chain of interceptors, in the order in which they see a call. */
public enum Place {
  /** Refuses calls whose headers are too large. */
  HEADERS(true, true),
  /** Tracks the calls that are no application calls, because a Watch never ends by itself. */
  WATCH(false, true),
  /** Opens the call's span. */
  TRACE(true, false),
  /** Counts the call, or refuses it. */
  CAPACITY(true, false),
  /** Makes it possible to hand the call off. */
  HANDOFF(true, false),
  /**
   * Answers with this pod's name and how full it is. Behind the handoff, which serializes what
   * happens on the call.
   */
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
