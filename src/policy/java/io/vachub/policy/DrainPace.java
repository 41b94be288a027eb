package io.vachub.policy;

import java.time.Duration;

/**
 * When a pod that shuts down hands off each of its streams: spread evenly, by a plan made once at
 * the beginning.
 *
 * @param calls how many calls there are
 * @param spread over how long they are spread
 */
public record DrainPace(int calls, Duration spread) {

  /** How long after the beginning to hand off the call with this index; index 0 at once. */
  public Duration delay(int call) {
    return Duration.ofNanos((long) (spread.toNanos() * ((double) call / calls)));
  }
}
