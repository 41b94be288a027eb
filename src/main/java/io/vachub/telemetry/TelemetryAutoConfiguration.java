package io.vachub.telemetry;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusMetricsExportAutoConfiguration;
import org.springframework.context.annotation.Import;

/**
 * Puts gRPC's own metrics on the page of Micrometer's, and opens a span for each call; {@code
 * vachub.telemetry.enabled=false} does without.
 */
@AutoConfiguration(after = PrometheusMetricsExportAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "vachub.telemetry.enabled", matchIfMissing = true)
@ConditionalOnBean(PrometheusRegistry.class)
@Import({
  CallMetrics.class,
  LostLines.class,
  OtlpExport.class,
  PrometheusPage.class,
  Scrapes.class,
  TracingInterceptor.class
})
public final class TelemetryAutoConfiguration {}
