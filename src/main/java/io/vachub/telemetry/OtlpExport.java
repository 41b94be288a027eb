package io.vachub.telemetry;

import io.opentelemetry.sdk.autoconfigure.spi.AutoConfigurationCustomizerProvider;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Exports spans by OTLP when an endpoint is set and is silent when none is: the SDK's own default
 * would try localhost for ever and log each failure.
 */
@Configuration(proxyBeanMethods = false)
class OtlpExport {

  @Bean
  AutoConfigurationCustomizerProvider otlpOnlyWithEndpoint() {
    return customizer ->
        customizer.addPropertiesCustomizer(
            config -> hasEndpoint(config) ? Map.of() : Map.of("otel.traces.exporter", "none"));
  }

  private static boolean hasEndpoint(ConfigProperties config) {
    return config.getString("otel.exporter.otlp.endpoint") != null
        || config.getString("otel.exporter.otlp.traces.endpoint") != null;
  }
}
