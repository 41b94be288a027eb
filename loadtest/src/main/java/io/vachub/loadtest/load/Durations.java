package io.vachub.loadtest.load;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as users write them: {@code 90s}, {@code 1h30m}, {@code 250ms}, or seconds alone. */
public final class Durations {

  /** What {@link #parse} accepts. */
  public static final String EXPECTED = "a duration such as 500ms, 90s, 10m or 1h30m";

  private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|us|s|m|h)");

  private Durations() {}

  /**
   * Reads a duration of 0 or more.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  public static Duration parse(String text) {
    if (text.matches("\\d{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(text));
    }
    Matcher part = PART.matcher(text);
    double nanos = 0;
    int end = 0;
    while (part.find() && part.start() == end) {
      nanos += Double.parseDouble(part.group(1)) * nanosPer(part.group(2));
      end = part.end();
    }
    if (end == 0 || end < text.length() || nanos > Long.MAX_VALUE) {
      throw new IllegalArgumentException(EXPECTED);
    }
    return Duration.ofNanos(Math.round(nanos));
  }

  /** Writes a duration as {@link #parse} reads it, shortest first: {@code 1h30m}. */
  public static String format(Duration duration) {
    if (duration.isZero()) {
      return "0s";
    }
    StringBuilder text = new StringBuilder();
    append(text, duration.toHours(), "h");
    append(text, duration.toMinutesPart(), "m");
    append(text, duration.toSecondsPart(), "s");
    append(text, duration.toMillisPart(), "ms");
    append(text, duration.toNanosPart() / 1_000 % 1_000, "us");
    return text.toString();
  }

  private static void append(StringBuilder text, long value, String unit) {
    if (value > 0) {
      text.append(value).append(unit);
    }
  }

  private static double nanosPer(String unit) {
    return switch (unit) {
      case "us" -> 1e3;
      case "ms" -> 1e6;
      case "s" -> 1e9;
      case "m" -> 60e9;
      default -> 3600e9;
    };
  }
}
