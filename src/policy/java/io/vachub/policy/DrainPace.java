package io.vachub.policy;

import java.time.Duration;

/**
 * When a pod that shuts down hands off each of its streams: evenly over the spread, by one plan
 * that is made when it begins.
 *
 * @param calls how many there are
 * @param spread how long it takes in all
 */
public record DrainPace(int calls, Duration spread) {

  /** How long after the beginning to hand off this call, counted from 0: the first at once. */
  public Duration delay(int call) {
    return Duration.ofNanos((long) (spread.toNanos() * ((double) call / calls)));
  }
}
