package io.vachub.policy;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/**
 * When a stream must be handed off, by its own age and by that of its connection.
 *
 * <p>grpc-java sends GOAWAY at some g ≥ start + 0.9·maxConnectionAge (gRFC A9 and its ±10 % jitter)
 * and closes by force at g + grace. A stream that was accepted at s came before the GOAWAY, so its
 * forced close is no earlier than max(start + 0.9·maxConnectionAge, s) + grace, and a stream that
 * ends a margin before that is never cut, for any age and grace. All times are {@link
 * System#nanoTime}. The load tester's simulation uses this class too.
 */
public final class HandoffSchedule {

  /** The largest share that grpc-java adds to or subtracts from a connection's age. */
  private static final double CONNECTION_AGE_JITTER = 0.1;

  private static final double STREAM_AGE_JITTER = 0.1;

  private final Optional<Duration> maxStreamAge;
  private final Optional<ConnectionAge> connectionAge;

  /** Without a maximum age, streams or connections are not limited. */
  public HandoffSchedule(Optional<Duration> maxStreamAge, Optional<ConnectionAge> connectionAge) {
    this.maxStreamAge = maxStreamAge;
    this.connectionAge = connectionAge;
  }

  /**
   * The connection's limits: its maximum age, the grace period before its forced close, and our
   * margin before that.
   */
  public record ConnectionAge(Duration max, Duration grace, Duration margin) {

    /** The latest instant at which a stream may still be open. */
    public long latestEnd(long connectionStart, long streamStart) {
      long earliestGoAway = connectionStart + (long) (max.toNanos() * (1 - CONNECTION_AGE_JITTER));
      return later(earliestGoAway, streamStart) + room();
    }

    /** How long before {@link #latestEnd} streams may be handed off, so that not all go at once. */
    private long spread() {
      return room() / 2;
    }

    private long room() {
      return grace.minus(margin).toNanos();
    }
  }

  /** A scheduled handoff: when and why. */
  public record Due(long at, HandoffReason reason) {}

  /**
   * When to hand off a stream that starts now, if at all; each call of this method draws a new
   * jitter.
   */
  public Optional<Due> due(Optional<Long> connectionStart, long streamStart) {
    return due(connectionStart, streamStart, ThreadLocalRandom.current());
  }

  /** The same, with the jitter drawn from {@code random}. */
  public Optional<Due> due(
      Optional<Long> connectionStart, long streamStart, RandomGenerator random) {
    Optional<Due> byAge =
        maxStreamAge.map(
            age -> {
              double jitter = random.nextDouble(-STREAM_AGE_JITTER, STREAM_AGE_JITTER);
              return new Due(
                  streamStart + (long) (age.toNanos() * (1 + jitter)), HandoffReason.AGE);
            });
    Optional<Due> byConnectionAge =
        connectionAge.flatMap(
            limit ->
                connectionStart.map(
                    start ->
                        new Due(
                            limit.latestEnd(start, streamStart)
                                - (long) (random.nextDouble() * limit.spread()),
                            HandoffReason.CONNECTION_AGE)));
    return byAge.isPresent() && byConnectionAge.isPresent()
        ? Optional.of(earlier(byAge.get(), byConnectionAge.get()))
        : byAge.or(() -> byConnectionAge);
  }

  private static Due earlier(Due a, Due b) {
    return a.at - b.at <= 0 ? a : b;
  }

  private static long later(long a, long b) {
    return a - b >= 0 ? a : b;
  }
}
