package io.vachub.loadtest.stream;

import java.time.Duration;

/**
 * Whether the service answers a stream with its header before the first message, as the streams of
 * a load find out together. Where it does, no message leaves before it, so that a refused stream
 * has none on it; where it does not, nobody waits for it.
 */
final class EarlyHeaders {

  private static final long FIRST_PATIENCE_NANOS = Duration.ofSeconds(1).toNanos();

  private enum Habit {
    UNKNOWN,
    EARLY,
    LATE
  }

  private volatile Habit habit = Habit.UNKNOWN;

  /** How long a stream that has reached its server waits for a header before it sends. */
  long patienceNanos() {
    return switch (habit) {
      case UNKNOWN -> FIRST_PATIENCE_NANOS;
      case EARLY -> Long.MAX_VALUE;
      case LATE -> 0;
    };
  }

  /** A header came before the server had a reason to answer. */
  void seen() {
    if (habit != Habit.EARLY) {
      habit = Habit.EARLY;
    }
  }

  /** A stream has waited without an answer. */
  void missed() {
    if (habit == Habit.UNKNOWN) {
      habit = Habit.LATE;
    }
  }
}
