package io.vachub.handoff;

import io.vachub.policy.HandoffSchedule;

/**
 * When streams are handed off by age.
 *
 * @param accepting those of clients that go on after a handoff
 * @param silent those of clients that did not say so
 */
record HandoffSchedules(HandoffSchedule accepting, HandoffSchedule silent) {

  HandoffSchedule of(boolean accepts) {
    return accepts ? accepting : silent;
  }
}
