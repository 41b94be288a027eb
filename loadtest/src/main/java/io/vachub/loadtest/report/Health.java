package io.vachub.loadtest.report;

import io.vachub.loadtest.measure.Meter;
import io.vachub.loadtest.measure.Percentiles;
import io.vachub.loadtest.measure.Sample;
import io.vachub.loadtest.measure.Timing;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Whether the load tester itself kept up. It is behind in an interval in which an event loop was
 * busy nearly all the time, or ran 1 % of its due tasks too late. What happens in its first
 * seconds, while its JVM compiles, is kept apart.
 *
 * @param busiestLoop the share of the load's time that its busiest event loop was busy, 0 to 1
 * @param warmingBehind seconds in which it was behind while it was warming up
 * @param behind seconds after that in which it was behind
 * @param judged all seconds after that
 * @param gcCount garbage collections since the process began
 * @param gcSeconds how long they took
 */
public record Health(
    double busiestLoop,
    double warmingBehind,
    double behind,
    double judged,
    long gcCount,
    double gcSeconds) {

  /** How long a JVM takes until it has compiled what a load needs, as measured. */
  static final double WARM_UP_SECONDS = 5;

  /** The load tester is the bottleneck if it is behind for more than this share of the time. */
  private static final double TOO_MUCH = 0.1;

  private static final double BUSY = 0.9;

  /** A stall that is reported even if the rest of the load went well. */
  private static final long LONG_STALL_MICROS = TimeUnit.MILLISECONDS.toMicros(500);

  private static final List<Timing> OWN =
      List.of(Timing.EVENT_LOOP_DELAY, Timing.PROCESS_STALL, Timing.SAMPLER_DELAY);

  /**
   * Of this process up to now.
   *
   * @param series the samples of its load
   * @param seconds how long the load lasted; later samples are of the settling
   */
  public static Health ofThisProcess(List<Sample> series, double seconds) {
    List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
    List<Sample> load = series.stream().filter(sample -> sample.seconds() <= seconds).toList();
    List<Sample> warm =
        load.stream().filter(sample -> sample.seconds() > WARM_UP_SECONDS + 0.5).toList();
    double busy = load.stream().mapToDouble(it -> it.busiestLoop() * it.intervalSeconds()).sum();
    return new Health(
        busy / Math.max(1e-9, length(load)),
        length(load.stream().filter(Health::isBehind).toList())
            - length(warm.stream().filter(Health::isBehind).toList()),
        length(warm.stream().filter(Health::isBehind).toList()),
        length(warm),
        collectors.stream().mapToLong(gc -> Math.max(0, gc.getCollectionCount())).sum(),
        collectors.stream().mapToLong(gc -> Math.max(0, gc.getCollectionTime())).sum() / 1e3);
  }

  private static double length(List<Sample> samples) {
    return samples.stream().mapToDouble(Sample::intervalSeconds).sum();
  }

  private static boolean isBehind(Sample sample) {
    Percentiles delay = sample.percentiles().get(Timing.EVENT_LOOP_DELAY);
    return sample.busiestLoop() >= BUSY
        || (delay != null && delay.p99() > TimeUnit.NANOSECONDS.toMillis(Meter.LATE_NANOS));
  }

  /** Whether the figures are the load tester's own rather than the service's. */
  public boolean bottleneck() {
    return judged > 0 && behind / judged > TOO_MUCH;
  }

  /** What a reader of the figures must know about it, a sentence each. */
  List<String> notes(Map<Timing, Histogram> timings) {
    List<String> notes = new ArrayList<>();
    if (bottleneck()) {
      notes.add(
          String.format(
              Locale.ROOT,
              "the load tester itself was the bottleneck: in %.0f of %.0f seconds an event loop was"
                  + " busy all the time or ran 1 %% of its due tasks more than %d ms late; the figures"
                  + " depend on the load tester as much as on the service (more processors, --threads"
                  + " or load testers help)",
              behind,
              judged,
              TimeUnit.NANOSECONDS.toMillis(Meter.LATE_NANOS)));
    }
    for (Timing own : OWN) {
      Histogram micros = timings.get(own);
      if (micros.getMaxValue() >= LONG_STALL_MICROS) {
        notes.add(
            ("the load tester itself stalled: %s up to %s; messages that were late then may"
                    + " be its own fault")
                .formatted(own.title(), Numbers.percentile(micros, 100)));
      }
    }
    return notes;
  }
}
