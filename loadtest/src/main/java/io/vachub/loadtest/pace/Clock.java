package io.vachub.loadtest.pace;

/**
 * Nanoseconds since it was made, the same on every thread; steps of the wall clock do not move it.
 */
public final class Clock {

  private final long origin = System.nanoTime();

  /** Nanoseconds since this clock was made. */
  public long nanos() {
    return System.nanoTime() - origin;
  }
}
