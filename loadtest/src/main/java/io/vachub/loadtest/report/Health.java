package io.vachub.loadtest.report;

import io.vachub.loadtest.measure.Meter;
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
 * Whether the load tester itself kept up.
 *
 * @param busiestLoop the share of time that its busiest event loop was busy, 0 to 1
 * @param gcCount garbage collections since the process began
 * @param gcSeconds how long they took
 */
public record Health(double busiestLoop, long gcCount, double gcSeconds) {

  private static final double BUSY = 0.9;

  /** A stall that is told, although the rest of the load went well. */
  private static final long LONG_STALL_MICROS = TimeUnit.MILLISECONDS.toMicros(500);

  private static final List<Timing> OWN =
      List.of(Timing.EVENT_LOOP_DELAY, Timing.PROCESS_STALL, Timing.SAMPLER_DELAY);

  /** Of this process up to now. */
  public static Health ofThisProcess(double busiestLoop) {
    List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
    return new Health(
        busiestLoop,
        collectors.stream().mapToLong(gc -> Math.max(0, gc.getCollectionCount())).sum(),
        collectors.stream().mapToLong(gc -> Math.max(0, gc.getCollectionTime())).sum() / 1e3);
  }

  /**
   * Whether the figures are the load tester's own rather than the service's: an event loop was busy
   * nearly all the time, or a hundredth of the time too late for what was due.
   */
  public boolean bottleneck(Map<Timing, Histogram> timings) {
    return busiestLoop >= BUSY
        || timings.get(Timing.EVENT_LOOP_DELAY).getValueAtPercentile(99)
            > TimeUnit.NANOSECONDS.toMicros(Meter.LATE_NANOS);
  }

  /** What a reader of the figures has to know of it, a sentence each. */
  List<String> notes(Map<Timing, Histogram> timings) {
    List<String> notes = new ArrayList<>();
    if (bottleneck(timings)) {
      notes.add(
          String.format(
              Locale.ROOT,
              "the load tester itself was the bottleneck: its busiest event loop was busy %.0f %%"
                  + " of the time and came %s late at p99; what is measured is as much its own as"
                  + " the service's (more processors, --threads or load testers help)",
              busiestLoop * 100,
              Numbers.percentile(timings.get(Timing.EVENT_LOOP_DELAY), 99)));
    }
    for (Timing own : OWN) {
      Histogram micros = timings.get(own);
      if (micros.getMaxValue() >= LONG_STALL_MICROS) {
        notes.add(
            "the load tester itself stood still: %s up to %s; what was late then may be its own"
                .formatted(own.title(), Numbers.percentile(micros, 100)));
      }
    }
    return notes;
  }
}
