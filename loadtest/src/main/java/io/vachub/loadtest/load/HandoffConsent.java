package io.vachub.loadtest.load;

/** What the clients of a load say of handoffs when they open a stream. */
public enum HandoffConsent {
  /** They send {@code vachub-handoff: accept}, and see OK. */
  ACCEPT,

  /** Nothing, as clients that never heard of them, and see UNAVAILABLE. */
  SILENT
}
