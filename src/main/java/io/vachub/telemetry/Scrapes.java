package io.vachub.telemetry;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.MetricFamilyDescriptor;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Counts how often the whole metrics page was read, as Prometheus does: {@code
 * vachub_scrapes_total}. Requests for certain metrics do not count.
 */
public class Scrapes implements Collector {

  private static final MetricFamilyDescriptor DESCRIPTOR =
      MetricFamilyDescriptor.counter("vachub_scrapes")
          .help("How often the whole page was read")
          .build();

  private long count;

  Scrapes(PrometheusRegistry registry) {
    registry.register(this);
  }

  /** How often the page was read. */
  public synchronized long count() {
    return count;
  }

  /** Waits until the page was read more often than this; false if that did not happen in time. */
  public synchronized boolean awaitMoreThan(long count, Duration atMost)
      throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    for (long left = atMost.toNanos(); this.count <= count; left = end - System.nanoTime()) {
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return true;
  }

  @Override
  public MetricFamilyDescriptor getMetricFamilyDescriptor() {
    return DESCRIPTOR;
  }

  @Override
  public synchronized MetricSnapshot collect() {
    count++;
    notifyAll();
    return CounterSnapshot.builder()
        .name(DESCRIPTOR.getPrometheusName())
        .help(DESCRIPTOR.getMetadata().getHelp())
        .dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder().value(count).build())
        .build();
  }
}
