package io.vachub.loadtest.stream;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * How long a stream waits before it is opened again: after a handoff a moment, so that a herd of
 * streams spreads out; after a cut or a refusal twice as long each time, until one opens.
 */
final class Backoff {

  /** No wait is longer, unless the server asks for it. */
  static final Duration LONGEST = Duration.ofSeconds(5);

  private static final long FIRST_NANOS = Duration.ofMillis(250).toNanos();
  private static final long HANDOFF_JITTER_NANOS = Duration.ofMillis(50).toNanos();

  private final RandomGenerator random;
  private int failures;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  /** The wait after a handoff: up to 50 ms. */
  long handoffNanos() {
    return random.nextLong(HANDOFF_JITTER_NANOS);
  }

  /**
   * The wait after a failure: what the server asked for and up to a quarter more, or else half to
   * whole of 250 ms, 500 ms, 1 s … 5 s.
   */
  long failureNanos(Optional<Duration> pushback) {
    if (pushback.isPresent()) {
      long asked = pushback.get().toNanos();
      return asked + random.nextLong(asked / 4 + 1);
    }
    long whole = Math.min(LONGEST.toNanos(), FIRST_NANOS << Math.min(failures, 10));
    failures++;
    return whole / 2 + random.nextLong(whole / 2);
  }

  /** A stream has opened: the next failure is the first again. */
  void reset() {
    failures = 0;
  }
}
