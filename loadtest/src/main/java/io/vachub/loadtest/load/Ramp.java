package io.vachub.loadtest.load;

import java.time.Duration;

/**
 * How the streams of a load begin: so many at first, and as many again after each pause, until all
 * of them have begun.
 *
 * @param streams streams in one step
 * @param every the time from one step to the next
 */
public record Ramp(int streams, Duration every) {

  /** What {@link #parse} accepts. */
  public static final String EXPECTED = "streams/duration, for example 30/60s";

  /** Every stream begins at once. */
  public static final Ramp NONE = new Ramp(Integer.MAX_VALUE, Duration.ZERO);

  /** Throws {@link IllegalArgumentException} where a step has no stream. */
  public Ramp {
    if (streams < 1) {
      throw new IllegalArgumentException(EXPECTED);
    }
  }

  /**
   * Reads {@code 30/60s}: 30 streams at once, then 30 more every 60 seconds.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  public static Ramp parse(String text) {
    String[] parts = text.split("/", -1);
    if (parts.length != 2 || !parts[0].matches("\\d{1,9}")) {
      throw new IllegalArgumentException(EXPECTED);
    }
    try {
      return new Ramp(Integer.parseInt(parts[0]), Durations.parse(parts[1]));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(EXPECTED, e);
    }
  }

  /** When the stream of this number (from 0) begins, counted from the start of the load. */
  public Duration startOf(int stream) {
    return every.multipliedBy(stream / streams);
  }

  /** How many of a load's streams have begun after this time. */
  public int begunAfter(Duration elapsed, int total) {
    if (every.isZero()) {
      return total;
    }
    return (int) Math.min(total, (elapsed.dividedBy(every) + 1) * streams);
  }

  @Override
  public String toString() {
    return every.isZero() ? "at once" : streams + "/" + Durations.format(every);
  }
}
