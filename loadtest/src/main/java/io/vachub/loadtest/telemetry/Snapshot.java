package io.vachub.loadtest.telemetry;

import io.vachub.loadtest.measure.Counts;
import io.vachub.loadtest.measure.Sample;
import io.vachub.loadtest.measure.Timing;
import io.vachub.loadtest.report.Cost;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * A load as it was at the end of an interval.
 *
 * @param sample the interval
 * @param counts what was counted since the load began
 * @param timings what was timed since then
 * @param cost what the load tester itself has used
 */
record Snapshot(Sample sample, Counts counts, Map<Timing, Buckets> timings, Cost cost) {

  /** From a message that leaves in time to a stream that waits for a pod. */
  static final List<Double> BOUNDS_SECONDS =
      List.of(
          0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0,
          2.5, 5.0, 10.0, 30.0, 60.0);

  /** A histogram with as many counts as there are bounds, and one for what lies above them. */
  record Buckets(Long[] counts, double sumSeconds) {

    private static Buckets of(Histogram micros) {
      Long[] counts = new Long[BOUNDS_SECONDS.size() + 1];
      Arrays.fill(counts, 0L);
      double sum = 0;
      int bucket = 0;
      for (HistogramIterationValue value : micros.recordedValues()) {
        double seconds = value.getValueIteratedTo() / 1e6;
        while (bucket < BOUNDS_SECONDS.size() && seconds > BOUNDS_SECONDS.get(bucket)) {
          bucket++;
        }
        counts[bucket] += value.getCountAddedInThisIterationStep();
        sum += seconds * value.getCountAddedInThisIterationStep();
      }
      return new Buckets(counts, sum);
    }
  }

  /** Copies what goes on changing: histograms in microseconds. */
  static Snapshot of(Sample sample, Counts counts, Map<Timing, Histogram> micros) {
    Map<Timing, Buckets> timings = new EnumMap<>(Timing.class);
    micros.forEach((timing, histogram) -> timings.put(timing, Buckets.of(histogram)));
    return new Snapshot(sample, counts, timings, Cost.ofThisProcess());
  }

  /** Before the load. */
  static Snapshot nothing() {
    Histogram empty = new Histogram(1);
    Map<Timing, Histogram> micros = new EnumMap<>(Timing.class);
    for (Timing timing : Timing.values()) {
      micros.put(timing, empty);
    }
    return of(new Sample(0, 0, 0, Map.of(), 0, 0, Map.of(), Map.of()), Counts.NONE, micros);
  }
}
