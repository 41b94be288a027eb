package io.vachub.loadtest.pace;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * How long a stream waits before it is opened again: after a handoff a moment, so that not all
 * streams come back at once; after a cut or a refusal exponential back-off, until one opens.
 */
public final class Backoff {

  /** No wait is longer, unless the server asks for it. */
  public static final Duration LONGEST = Duration.ofSeconds(5);

  private static final long FIRST_NANOS = Duration.ofMillis(250).toNanos();
  private static final long HANDOFF_JITTER_NANOS = Duration.ofMillis(50).toNanos();

  /** So many refusals in a row that ask for no wait are tried again at once; more back off. */
  private static final int MOST_AT_ONCE = 16;

  /** A server that prefers another pod asks for no longer wait. */
  private static final Duration SOFT = Duration.ofMillis(100);

  private final RandomGenerator random;
  private int failures;
  private int refusals;

  /** The waits of one stream. */
  public Backoff(RandomGenerator random) {
    this.random = random;
  }

  /** The wait after a handoff: up to 50 ms. */
  public long handoffNanos() {
    return handoffNanos(random);
  }

  /**
   * The wait after a failure: what the server asked for and up to a quarter more, or else half to
   * whole of 250 ms, 500 ms, 1 s … 5 s.
   */
  public long failureNanos(Optional<Duration> pushback) {
    return pushback.isPresent()
        ? pushbackNanos(random, pushback.get().toNanos())
        : failureNanos(random, failures++);
  }

  /**
   * The wait after a refusal: what the server asked for, with back-off if the server asks for no
   * wait again and again.
   */
  public long refusalNanos(Optional<Duration> pushback) {
    refusals++;
    if (pushback.filter(Backoff::isSoft).isEmpty()) {
      return failureNanos(pushback);
    }
    return refusals <= MOST_AT_ONCE
        ? pushback.get().toNanos() + handoffNanos()
        : failureNanos(Optional.empty());
  }

  /** Whether so little a wait only means that another pod should take the stream. */
  public static boolean isSoft(Duration pushback) {
    return pushback.compareTo(SOFT) <= 0;
  }

  /** How often the stream was refused in a row. */
  public int refusals() {
    return refusals;
  }

  /** A stream has opened: the next failure is the first again. */
  public void reset() {
    failures = 0;
    refusals = 0;
  }

  /** A wait after a handoff. */
  public static long handoffNanos(RandomGenerator random) {
    return random.nextLong(HANDOFF_JITTER_NANOS);
  }

  /** A wait where the server asked for one. */
  public static long pushbackNanos(RandomGenerator random, long askedNanos) {
    return askedNanos + random.nextLong(askedNanos / 4 + 1);
  }

  /** A wait after a failure, if there were so many before it. */
  public static long failureNanos(RandomGenerator random, int failuresBefore) {
    long whole = Math.min(LONGEST.toNanos(), FIRST_NANOS << Math.min(failuresBefore, 10));
    return whole / 2 + random.nextLong(whole / 2);
  }
}
