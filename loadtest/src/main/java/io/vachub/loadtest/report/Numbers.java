package io.vachub.loadtest.report;

import java.util.Locale;
import org.HdrHistogram.Histogram;

/** How numbers are written for people. */
public final class Numbers {

  private Numbers() {}

  /** {@code 1,234,567}. */
  public static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** One thing or many of them: {@code 1 pod}, {@code 1,200 pods}. */
  public static String count(long value, String one) {
    return count(value) + " " + one + (value == 1 ? "" : "s");
  }

  /** Milliseconds with three significant digits or so: {@code 0.42 ms}, {@code 18.3 ms}. */
  public static String millis(double millis) {
    String pattern = millis < 1 ? "%.2f ms" : millis < 100 ? "%.1f ms" : "%,.0f ms";
    return String.format(Locale.ROOT, pattern, millis);
  }

  /** A percentile of a histogram in microseconds, written in milliseconds. */
  public static String percentile(Histogram micros, double percentile) {
    return millis(micros.getValueAtPercentile(percentile) / 1e3);
  }

  /** {@code 12.3}, or {@code 1,234} from 100 on. */
  public static String rate(double perSecond) {
    return String.format(Locale.ROOT, perSecond < 100 ? "%.1f" : "%,.0f", perSecond);
  }

  /** {@code 1.25}. */
  public static String ratio(double ratio) {
    return String.format(Locale.ROOT, "%.2f", ratio);
  }

  /** {@code 02:05} or {@code 1:02:05}. */
  public static String clock(double seconds) {
    long whole = (long) seconds;
    return whole < 3600
        ? String.format(Locale.ROOT, "%02d:%02d", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
  }
}
