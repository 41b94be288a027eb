package io.vachub.loadtest.measure;

import java.util.Map;
import java.util.TreeMap;

/**
 * One interval of a load, in a row of them.
 *
 * @param seconds the end of the interval, from the start of the load
 * @param intervalSeconds how long it was
 * @param planned streams that should be open by now
 * @param streamsByPod streams open at its end, by pod; only pods that serve any
 * @param sent messages that left within it
 * @param late messages of these that left late
 * @param percentiles the percentiles of what was timed within it; nothing timed, no entry
 * @param buckets how the values of what every message is timed by are spread within it
 * @param causes streams that ended early within it, by cause
 * @param busiestLoop the share of it that the busiest event loop was busy, 0 to 1
 */
public record Sample(
    double seconds,
    double intervalSeconds,
    int planned,
    Map<String, Long> streamsByPod,
    long sent,
    long late,
    Map<Timing, Percentiles> percentiles,
    Map<Timing, Buckets> buckets,
    Map<Cause, Long> causes,
    double busiestLoop) {

  /** A sample without buckets, of something that has no event loops. */
  public Sample(
      double seconds,
      double intervalSeconds,
      int planned,
      Map<String, Long> streamsByPod,
      long sent,
      long late,
      Map<Timing, Percentiles> percentiles,
      Map<Cause, Long> causes) {
    this(
        seconds,
        intervalSeconds,
        planned,
        streamsByPod,
        sent,
        late,
        percentiles,
        Map.of(),
        causes,
        0);
  }

  /** Streams open at the end of the interval. */
  public long open() {
    return streamsByPod.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Messages per second within the interval. */
  public double rate() {
    return intervalSeconds > 0 ? sent / intervalSeconds : 0;
  }

  /**
   * The streams of the fullest pod over the mean of all pods that serve any; 1 is even, and 0 where
   * no stream is open.
   */
  public double maxOverMean() {
    long max = streamsByPod.values().stream().mapToLong(Long::longValue).max().orElse(0);
    return max == 0 ? 0 : (double) max * streamsByPod.size() / open();
  }

  /**
   * This interval and the one after it as one: counts add up, the state is that of the later one,
   * and of two percentiles the worse one stays.
   */
  Sample mergedWith(Sample later) {
    Map<Timing, Percentiles> worse = new TreeMap<>(percentiles);
    later.percentiles.forEach((timing, p) -> worse.merge(timing, p, Percentiles::worse));
    Map<Timing, Buckets> both = new TreeMap<>(buckets);
    later.buckets.forEach((timing, b) -> both.merge(timing, b, Buckets::sum));
    Map<Cause, Long> sum = new TreeMap<>(causes);
    later.causes.forEach((cause, count) -> sum.merge(cause, count, Long::sum));
    return new Sample(
        later.seconds,
        intervalSeconds + later.intervalSeconds,
        later.planned,
        later.streamsByPod,
        sent + later.sent,
        late + later.late,
        worse,
        both,
        sum,
        (busiestLoop * intervalSeconds + later.busiestLoop * later.intervalSeconds)
            / (intervalSeconds + later.intervalSeconds));
  }
}
