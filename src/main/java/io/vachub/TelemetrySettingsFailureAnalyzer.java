package io.vachub;

import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Shows only OpenTelemetry's own message about the {@code otel.} property that it rejects. */
@Order(Ordered.HIGHEST_PRECEDENCE)
class TelemetrySettingsFailureAnalyzer extends AbstractFailureAnalyzer<ConfigurationException> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, ConfigurationException cause) {
    return new FailureAnalysis(cause.getMessage(), null, cause);
  }
}
