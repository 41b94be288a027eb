package io.vachub.telemetry;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;

/** The log lines that nobody will read, as {@code vachub_log_lines_lost_total}. */
class LostLines implements MeterBinder {

  /** Why a line was lost. Logback is there before the metrics, so the counts are the JVM's. */
  enum Reason {
    /** Whoever reads the log stalls. */
    QUEUE_FULL,
    /** Too many of what clients do wrong. */
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
          .description("Log lines that were left out")
          .tag("reason", reason.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
  }
}
