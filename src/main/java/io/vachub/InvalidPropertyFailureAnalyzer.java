package io.vachub;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/** Describes in one sentence which property has which value, and what was expected. */
@Order(Ordered.HIGHEST_PRECEDENCE)
class InvalidPropertyFailureAnalyzer
    extends AbstractFailureAnalyzer<InvalidConfigurationPropertyValueException> {

  private final Environment environment;

  InvalidPropertyFailureAnalyzer(Environment environment) {
    this.environment = environment;
  }

  @Override
  protected FailureAnalysis analyze(
      Throwable rootFailure, InvalidConfigurationPropertyValueException cause) {
    if (!cause.getName().startsWith("vachub.") && !cause.getName().startsWith("grpc.")) {
      return null;
    }
    String asWritten = environment.getProperty(cause.getName(), String.valueOf(cause.getValue()));
    return new FailureAnalysis(
        "%s: %s (expected: %s)".formatted(cause.getName(), asWritten, cause.getReason()),
        null,
        cause);
  }
}
