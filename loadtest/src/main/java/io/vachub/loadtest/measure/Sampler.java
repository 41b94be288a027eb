package io.vachub.loadtest.measure;

import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** Reads the meters of all loops at the end of each interval. Used by one thread. */
public final class Sampler {

  /** The clock of all messages. */
  private static final Set<Timing> SPREAD = Set.of(Timing.RESPONSE_TIME, Timing.LATENESS);

  private final List<Meter> meters;
  private final long[] cpuNanos;
  private final Map<Timing, Histogram> totals = new EnumMap<>(Timing.class);
  private final Histogram interval = Meter.newHistogram();
  private final Series series = new Series();
  private Counts counts = Counts.NONE;
  private double lastSeconds;

  /** Reads these meters. */
  public Sampler(Collection<Meter> meters) {
    this.meters = List.copyOf(meters);
    this.cpuNanos = new long[meters.size()];
    for (Timing timing : Timing.values()) {
      totals.put(timing, Meter.newHistogram());
    }
  }

  /**
   * Ends an interval and begins the next.
   *
   * @param seconds now, from the start of the load
   * @param planned streams that should be open by now
   */
  public Sample sample(double seconds, int planned) {
    final Counts before = counts;
    counts = Meter.counts(meters);
    Map<Timing, Percentiles> percentiles = new EnumMap<>(Timing.class);
    Map<Timing, Buckets> buckets = new EnumMap<>(Timing.class);
    totals.forEach(
        (timing, total) -> {
          interval.reset();
          meters.forEach(meter -> meter.drainInto(timing, interval));
          if (interval.getTotalCount() > 0) {
            percentiles.put(timing, Percentiles.of(interval));
            total.add(interval);
            if (SPREAD.contains(timing)) {
              buckets.put(timing, Buckets.of(interval));
            }
          }
        });
    Map<String, Long> pods = new TreeMap<>(counts.streamsByPod());
    pods.values().removeIf(streams -> streams <= 0);
    Map<Cause, Long> causes = new TreeMap<>(counts.causes());
    before.causes().forEach((cause, count) -> causes.merge(cause, -count, Long::sum));
    causes.values().removeIf(count -> count == 0);
    Sample sample =
        new Sample(
            seconds,
            seconds - lastSeconds,
            planned,
            pods,
            counts.account().sent() - before.account().sent(),
            counts.late() - before.late(),
            percentiles,
            buckets,
            causes,
            busiestLoop(seconds - lastSeconds));
    lastSeconds = seconds;
    series.add(sample);
    return sample;
  }

  private double busiestLoop(double intervalSeconds) {
    long most = 0;
    for (int i = 0; i < cpuNanos.length; i++) {
      long now = meters.get(i).cpuNanos();
      most = Math.max(most, now - cpuNanos[i]);
      cpuNanos[i] = now;
    }
    return intervalSeconds > 0 ? Math.min(1, most / (intervalSeconds * 1e9)) : 0;
  }

  /** What was counted up to the last sample. */
  public Counts counts() {
    return counts;
  }

  /** All that was timed up to the last sample, in microseconds. */
  public Map<Timing, Histogram> totals() {
    return totals;
  }

  /** The samples so far. */
  public List<Sample> series() {
    return series.samples();
  }
}
