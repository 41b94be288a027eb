package io.vachub.telemetry;

import static org.springframework.util.StringUtils.hasText;

import io.opentelemetry.sdk.autoconfigure.spi.AutoConfigurationCustomizerProvider;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Exports spans by OTLP when an endpoint is set and is silent when none is: the SDK's own default
 * would try localhost for ever and log each failure.
 */
@Configuration(proxyBeanMethods = false)
class OtlpExport {

  @Bean
  AutoConfigurationCustomizerProvider otlpOnlyWithEndpoint(Environment environment) {
    return customizer ->
        customizer.addPropertiesCustomizer(
            config -> hasEndpoint(environment) ? Map.of() : Map.of("otel.traces.exporter", "none"));
  }

  /** Asks Spring, for the customizer's own configuration is the process's environment alone. */
  private static boolean hasEndpoint(Environment environment) {
    return hasText(environment.getProperty("otel.exporter.otlp.endpoint"))
        || hasText(environment.getProperty("otel.exporter.otlp.traces.endpoint"));
  }
}
