package io.vachub.loadtest.load;

import java.time.Duration;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;

/**
 * How long a client keeps a stream, handoffs included, before it completes it and opens another.
 */
public final class Lifetime {

  /** What {@link #parse} accepts. */
  public static final String EXPECTED =
      "endless, fixed:10m, uniform:5m-15m, exponential:10m (its mean) or lognormal:10m/1.5 (its"
          + " median and sigma)";

  /** A stream never completes. */
  public static final Lifetime ENDLESS =
      new Lifetime("endless", random -> Double.POSITIVE_INFINITY);

  private final String text;
  private final ToDoubleFunction<RandomGenerator> millis;

  private Lifetime(String text, ToDoubleFunction<RandomGenerator> millis) {
    this.text = text;
    this.millis = millis;
  }

  /**
   * Reads a distribution and its parameters.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  public static Lifetime parse(String text) {
    if (text.equals("endless")) {
      return ENDLESS;
    }
    String[] parts = text.split(":", 2);
    try {
      return switch (parts[0]) {
        case "fixed" -> {
          double life = millis(parts[1]);
          yield new Lifetime(text, random -> life);
        }
        case "exponential" -> {
          double mean = millis(parts[1]);
          yield new Lifetime(text, random -> -mean * Math.log(1 - random.nextDouble()));
        }
        case "uniform" -> {
          String[] ends = parts[1].split("-", 2);
          double low = millis(ends[0]);
          double high = millis(ends[1]);
          yield new Lifetime(text, random -> low + (high - low) * random.nextDouble());
        }
        case "lognormal" -> {
          String[] parameters = parts[1].split("/", 2);
          double median = millis(parameters[0]);
          double sigma = Double.parseDouble(parameters[1]);
          yield new Lifetime(text, random -> median * Math.exp(sigma * random.nextGaussian()));
        }
        default -> throw new IllegalArgumentException(EXPECTED);
      };
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      throw new IllegalArgumentException(EXPECTED, e);
    }
  }

  private static double millis(String duration) {
    Duration parsed = Durations.parse(duration);
    if (parsed.isZero()) {
      throw new IllegalArgumentException(EXPECTED);
    }
    return parsed.toNanos() / 1e6;
  }

  /** How many milliseconds the next stream is kept; infinity is for ever. */
  public double nextMillis(RandomGenerator random) {
    return millis.applyAsDouble(random);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Lifetime lifetime && lifetime.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return text;
  }
}
