package io.vachub.telemetry;

import static org.springframework.util.StringUtils.hasText;

import io.opentelemetry.sdk.autoconfigure.spi.AutoConfigurationCustomizerProvider;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Exports spans by OTLP only if an endpoint is set: by default the SDK would try localhost for ever
 * and log each failure.
 */
class OtlpExport {

  @Bean
  AutoConfigurationCustomizerProvider otlpOnlyWithEndpoint(Environment environment) {
    Map<String, String> settings = hasEndpoint(environment) ? Map.of() : withoutExport(environment);
    return customizer -> customizer.addPropertiesCustomizer(config -> settings);
  }

  /**
   * Spans that are not exported need not be recorded; they still have the ids for the log lines.
   */
  private static Map<String, String> withoutExport(Environment environment) {
    return Map.of(
        "otel.traces.exporter",
        "none",
        "otel.traces.sampler",
        environment.getProperty("otel.traces.sampler", "always_off"));
  }

  /**
   * Asks Spring, because the customizer's own configuration has only the environment of the
   * process.
   */
  private static boolean hasEndpoint(Environment environment) {
    return hasText(environment.getProperty("otel.exporter.otlp.endpoint"))
        || hasText(environment.getProperty("otel.exporter.otlp.traces.endpoint"));
  }
}
