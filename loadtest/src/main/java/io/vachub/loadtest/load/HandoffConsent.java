package io.vachub.loadtest.load;

/** Whether the clients of a load accept handoffs. */
public enum HandoffConsent {
  /** They send {@code vachub-handoff: accept}, and see OK. */
  ACCEPT,

  /** They send nothing, as clients that do not know handoffs, and see UNAVAILABLE. */
  SILENT
}
