package io.vachub.telemetry;

import static org.springframework.util.StringUtils.hasText;

import io.opentelemetry.sdk.autoconfigure.spi.AutoConfigurationCustomizerProvider;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Exports spans by OTLP when an endpoint is set and is silent when none is: the SDK's own default
 * would try localhost for ever and log each failure.
 */
class OtlpExport {

  @Bean
  AutoConfigurationCustomizerProvider otlpOnlyWithEndpoint(Environment environment) {
    Map<String, String> settings = hasEndpoint(environment) ? Map.of() : withoutExport(environment);
    return customizer -> customizer.addPropertiesCustomizer(config -> settings);
  }

  /** Spans that go nowhere need not be recorded; they still have the ids that log lines name. */
  private static Map<String, String> withoutExport(Environment environment) {
    return Map.of(
        "otel.traces.exporter",
        "none",
        "otel.traces.sampler",
        environment.getProperty("otel.traces.sampler", "always_off"));
  }

  /** Asks Spring, for the customizer's own configuration is the process's environment alone. */
  private static boolean hasEndpoint(Environment environment) {
    return hasText(environment.getProperty("otel.exporter.otlp.endpoint"))
        || hasText(environment.getProperty("otel.exporter.otlp.traces.endpoint"));
  }
}
