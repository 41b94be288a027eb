package io.vachub.loadtest.measure;

import org.HdrHistogram.Histogram;

/**
 * The percentiles of one interval, in milliseconds.
 *
 * @param p50 half of all values are at or below it
 * @param p99 99 % are
 * @param p999 99.9 % are
 * @param max all are
 */
public record Percentiles(double p50, double p99, double p999, double max) {

  /** The percentiles of a histogram in microseconds. */
  public static Percentiles of(Histogram micros) {
    return new Percentiles(
        micros.getValueAtPercentile(50) / 1e3,
        micros.getValueAtPercentile(99) / 1e3,
        micros.getValueAtPercentile(99.9) / 1e3,
        micros.getMaxValue() / 1e3);
  }

  /** Of each percentile the higher one. */
  public static Percentiles worse(Percentiles a, Percentiles b) {
    return new Percentiles(
        Math.max(a.p50, b.p50),
        Math.max(a.p99, b.p99),
        Math.max(a.p999, b.p999),
        Math.max(a.max, b.max));
  }
}
