package io.vachub.handoff;

import io.vachub.policy.HandoffSchedule;

/**
 * When streams are handed off by age.
 *
 * @param accepting for clients that accept handoffs
 * @param silent for clients that do not
 */
record HandoffSchedules(HandoffSchedule accepting, HandoffSchedule silent) {

  HandoffSchedule of(boolean accepts) {
    return accepts ? accepting : silent;
  }
}
