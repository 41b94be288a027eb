package io.vachub.policy;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/**
 * When a stream must be over, by its age and by its connection's.
 *
 * <p>grpc-java sends GOAWAY at some g ≥ start + 0.9·maxConnectionAge (gRFC A9 and its ±10 % jitter)
 * and closes by force at g + grace. A stream that was let in at s came before the GOAWAY, so its
 * forced close is no earlier than max(start + 0.9·maxConnectionAge, s) + grace, and one that ends a
 * margin before that is never cut, whatever age and grace are. All times are {@link
 * System#nanoTime}. The load tester's simulation goes by it too.
 */
public final class HandoffSchedule {

  /** What grpc-java adds to or takes from a connection's age, at the most. */
  private static final double CONNECTION_AGE_JITTER = 0.1;

  private static final double STREAM_AGE_JITTER = 0.1;

  private final Optional<Duration> maxStreamAge;
  private final Optional<ConnectionAge> connectionAge;

  /** Without an age, streams or connections may get as old as they like. */
  public HandoffSchedule(Optional<Duration> maxStreamAge, Optional<ConnectionAge> connectionAge) {
    this.maxStreamAge = maxStreamAge;
    this.connectionAge = connectionAge;
  }

  /**
   * The connection's limits: its age, the grace before its forced close, our margin before that.
   */
  public record ConnectionAge(Duration max, Duration grace, Duration margin) {

    /** The latest instant at which a stream may still be open. */
    public long latestEnd(long connectionStart, long streamStart) {
      long earliestGoAway = connectionStart + (long) (max.toNanos() * (1 - CONNECTION_AGE_JITTER));
      return later(earliestGoAway, streamStart) + room();
    }

    /** How long before {@link #latestEnd} streams may be handed off, to spread the herd. */
    private long spread() {
      return room() / 2;
    }

    private long room() {
      return grace.minus(margin).toNanos();
    }
  }

  /** A handoff that is due: when and why. */
  public record Due(long at, HandoffReason reason) {}

  /** When to hand off a stream that starts now, if ever; each call draws its own jitter. */
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
