package io.vachub.telemetry;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;

/** Counts dropped log lines, as {@code vachub_log_lines_lost_total}. */
class LostLines implements MeterBinder {

  /** Why a line was dropped. Logback starts before the metrics, so the counters are static. */
  enum Reason {
    /** The reader of the log stalls. */
    QUEUE_FULL,
    /** Too many faults of clients. */
    RATE_LIMIT;

    private final LongAdder count = new LongAdder();

    void increment() {
      count.increment();
    }
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    for (Reason reason : Reason.values()) {
      FunctionCounter.builder("vachub.log.lines.lost", reason.count, LongAdder::sum)
          .description("Log lines that were dropped")
          .tag("reason", reason.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
  }
}
