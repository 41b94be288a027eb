package io.vachub.telemetry;

import io.opentelemetry.exporter.prometheus.PrometheusMetricReader;
import io.opentelemetry.sdk.autoconfigure.spi.AutoConfigurationCustomizerProvider;
import io.opentelemetry.sdk.metrics.Aggregation;
import io.opentelemetry.sdk.metrics.ExplicitBucketHistogramOptions;
import io.opentelemetry.sdk.metrics.InstrumentSelector;
import io.opentelemetry.sdk.metrics.SdkMeterProviderBuilder;
import io.opentelemetry.sdk.metrics.View;
import io.opentelemetry.sdk.metrics.ViewBuilder;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.Set;
import org.springframework.context.annotation.Bean;

/**
 * Puts OpenTelemetry's metrics on Micrometer's {@code /actuator/prometheus} page, so that one
 * scrape gets all of them.
 */
class PrometheusPage {

  /** From a call that failed at once to a stream that outlives several connections. */
  private static final List<Double> CALL_DURATION_SECONDS =
      List.of(0.01, 0.1, 1.0, 10.0, 60.0, 300.0, 600.0, 900.0, 1_800.0, 3_600.0, 7_200.0);

  private static final List<Double> CALL_SIZE_BYTES =
      List.of(1_024.0, 65_536.0, 1_048_576.0, 16_777_216.0, 268_435_456.0);

  @Bean
  AutoConfigurationCustomizerProvider openTelemetryOnPrometheusPage(PrometheusRegistry registry) {
    return customizer ->
        customizer.addMeterProviderCustomizer(
            (meters, config) -> {
              PrometheusMetricReader reader =
                  PrometheusMetricReader.builder()
                      .setOtelScopeLabelsEnabled(false)
                      .setTargetInfoMetricEnabled(false)
                      .build();
              registry.register(reader);
              meters.registerMetricReader(reader);
              return views(meters);
            });
  }

  private static SdkMeterProviderBuilder views(SdkMeterProviderBuilder meters) {
    view(meters, "grpc.server.call.duration", histogram(CALL_DURATION_SECONDS).build());
    // By method only: with the status as well, sizes would be most of the page.
    view(
        meters,
        "grpc.server.call.*_message_size",
        histogram(CALL_SIZE_BYTES).setAttributeFilter(Set.of("grpc.method")).build());
    return meters;
  }

  private static ViewBuilder histogram(List<Double> bounds) {
    return View.builder()
        .setAggregation(
            Aggregation.explicitBucketHistogram(
                ExplicitBucketHistogramOptions.builder().setBucketBoundaries(bounds).build()));
  }

  private static void view(SdkMeterProviderBuilder meters, String instrument, View view) {
    meters.registerView(InstrumentSelector.builder().setName(instrument).build(), view);
  }
}
