package io.vachub.loadtest.pace;

/**
 * Nanoseconds since it was made, the same on every thread; it does not jump with the wall clock.
 */
public final class Clock {

  private final long origin = System.nanoTime();

  /** Nanoseconds since this clock was made. */
  public long nanos() {
    return System.nanoTime() - origin;
  }
}
