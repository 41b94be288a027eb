package io.vachub.loadtest.measure;

import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * How many values of an interval lie in each bucket; bucket n holds what took from 10^(n/4) up to
 * 10^((n+1)/4) microseconds. Empty buckets are left out.
 */
public record Buckets(TreeMap<Integer, Long> counts) {

  private static final int PER_DECADE = 4;

  /** The buckets of a histogram in microseconds. */
  static Buckets of(Histogram micros) {
    TreeMap<Integer, Long> counts = new TreeMap<>();
    for (HistogramIterationValue value : micros.recordedValues()) {
      double at = Math.max(1, value.getValueIteratedTo());
      int bucket = (int) Math.floor(Math.log10(at) * PER_DECADE);
      counts.merge(bucket, value.getCountAddedInThisIterationStep(), Long::sum);
    }
    return new Buckets(counts);
  }

  /** The values of both. */
  public static Buckets sum(Buckets a, Buckets b) {
    TreeMap<Integer, Long> counts = new TreeMap<>(a.counts);
    b.counts.forEach((bucket, count) -> counts.merge(bucket, count, Long::sum));
    return new Buckets(counts);
  }
}
