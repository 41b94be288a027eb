package io.vachub.loadtest.telemetry;

import com.sun.net.httpserver.HttpHandler;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.exporter.prometheus.PrometheusMetricReader;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.resources.Resource;
import io.prometheus.metrics.exporter.httpserver.MetricsHandler;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vachub.loadtest.measure.Counts;
import io.vachub.loadtest.measure.Sample;
import io.vachub.loadtest.measure.Timing;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * The metrics of a running load: on a page for Prometheus, and pushed by OTLP. The standard
 * environment of OpenTelemetry ({@code OTEL_EXPORTER_OTLP_*}, {@code OTEL_METRIC_EXPORT_INTERVAL},
 * {@code OTEL_RESOURCE_ATTRIBUTES} …) says how; without it metrics are pushed every ten seconds
 * over HTTP.
 */
public final class LiveMetrics {

  private static final Map<String, String> DEFAULTS =
      Map.of(
          "otel.service.name", "vac-hub-loadtest",
          "otel.exporter.otlp.protocol", "http/protobuf",
          "otel.metric.export.interval", "10s");
  private static final AttributeKey<String> INSTANCE =
      AttributeKey.stringKey("service.instance.id");

  private final LoadMetrics metrics = new LoadMetrics();
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Pushes pushes = new Pushes();
  private final AutoConfiguredOpenTelemetrySdk sdk;

  private LiveMetrics(Optional<URI> otlp, boolean pushed) {
    PrometheusMetricReader page =
        PrometheusMetricReader.builder()
            .setOtelScopeLabelsEnabled(false)
            .setTargetInfoMetricEnabled(false)
            .build();
    registry.register(page);
    Map<String, String> fixed = new HashMap<>();
    fixed.put("otel.traces.exporter", "none");
    fixed.put("otel.logs.exporter", "none");
    otlp.ifPresent(url -> fixed.put("otel.exporter.otlp.endpoint", url.toString()));
    if (!pushed) {
      fixed.put("otel.metrics.exporter", "none");
    }
    sdk =
        AutoConfiguredOpenTelemetrySdk.builder()
            .disableShutdownHook()
            .addPropertiesSupplier(() -> DEFAULTS)
            .addPropertiesCustomizer(config -> fixed)
            .addResourceCustomizer((resource, config) -> withInstance(resource))
            .addMetricExporterCustomizer((exporter, config) -> pushes.of(exporter))
            .addMeterProviderCustomizer(
                (meters, config) ->
                    meters.registerMetricProducer(metrics).registerMetricReader(page))
            .build();
  }

  /** Metrics on a page only. */
  public static LiveMetrics onPage() {
    return new LiveMetrics(Optional.empty(), false);
  }

  /**
   * Metrics that are pushed too.
   *
   * @param otlp to where, or empty if the environment says it
   */
  public static LiveMetrics pushed(Optional<URI> otlp) {
    return new LiveMetrics(otlp, true);
  }

  /** The page: Prometheus' text, OpenMetrics or protobuf, as whoever asks wishes. */
  public HttpHandler page() {
    return new MetricsHandler(registry);
  }

  /** Shows the load as it is now; the histograms are in microseconds. */
  public void publish(Sample sample, Counts counts, Map<Timing, Histogram> timings) {
    metrics.set(Snapshot.of(sample, counts, timings));
  }

  /**
   * Pushes the last values, ends, and returns an error message if pushes failed. Waits only a short
   * time for a collector that does not answer.
   */
  public Optional<String> end() {
    sdk.getOpenTelemetrySdk().shutdown().join(5, TimeUnit.SECONDS);
    return pushes.complaint();
  }

  /** Several load testers with one name must not overwrite each other's metrics. */
  private static Resource withInstance(Resource resource) {
    return resource.getAttribute(INSTANCE) != null
        ? resource
        : resource.toBuilder().put(INSTANCE, UUID.randomUUID().toString()).build();
  }
}
