package io.vachub.loadtest.telemetry;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.Aggregation;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts pushes and failures, because the SDK only logs failures. */
final class Pushes {

  private final AtomicInteger tried = new AtomicInteger();
  private final AtomicInteger arrived = new AtomicInteger();
  private volatile String why = "";

  /** The same exporter, counted. */
  MetricExporter of(MetricExporter exporter) {
    return new MetricExporter() {
      @Override
      public CompletableResultCode export(Collection<MetricData> metrics) {
        tried.incrementAndGet();
        CompletableResultCode result = exporter.export(metrics);
        return result.whenComplete(
            () -> {
              if (result.isSuccess()) {
                arrived.incrementAndGet();
              } else {
                Throwable cause = result.getFailureThrowable();
                why = cause == null || cause.getMessage() == null ? "" : ": " + cause.getMessage();
              }
            });
      }

      @Override
      public CompletableResultCode flush() {
        return exporter.flush();
      }

      @Override
      public CompletableResultCode shutdown() {
        return exporter.shutdown();
      }

      @Override
      public AggregationTemporality getAggregationTemporality(InstrumentType type) {
        return exporter.getAggregationTemporality(type);
      }

      @Override
      public Aggregation getDefaultAggregation(InstrumentType type) {
        return exporter.getDefaultAggregation(type);
      }

      @Override
      public String toString() {
        return exporter.toString();
      }
    };
  }

  /** An error message if some failed; empty if none did. */
  Optional<String> complaint() {
    int failed = tried.get() - arrived.get();
    return failed == 0
        ? Optional.empty()
        : Optional.of(
            "OTLP: %d of %d pushes of metrics did not arrive%s"
                .formatted(failed, tried.get(), why));
  }
}
