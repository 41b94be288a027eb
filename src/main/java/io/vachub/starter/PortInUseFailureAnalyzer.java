package io.vachub.starter;

import java.io.IOException;
import java.util.List;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.env.Environment;

/** Names the gRPC port that could not be bound; Spring Boot does it for the HTTP port. */
class PortInUseFailureAnalyzer implements FailureAnalyzer {

  private static final String GRPC_BIND_FAILURE = "Failed to bind to address";

  private static final List<String> PORTS = List.of("grpc.server.port", "spring.grpc.server.port");

  private final Environment environment;

  PortInUseFailureAnalyzer(Environment environment) {
    this.environment = environment;
  }

  @Override
  public FailureAnalysis analyze(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException
          && String.valueOf(cause.getMessage()).startsWith(GRPC_BIND_FAILURE)) {
        String property =
            PORTS.stream().filter(environment::containsProperty).findFirst().orElse(PORTS.get(0));
        return new FailureAnalysis(
            "%s: %s (expected: a free port; %s)"
                .formatted(property, environment.getProperty(property), rootMessage(cause)),
            null,
            cause);
      }
    }
    return null;
  }

  /** What the operating system said, such as "Address already in use". */
  private static String rootMessage(Throwable cause) {
    String message =
        String.valueOf((cause.getCause() == null ? cause : cause.getCause()).getMessage());
    return message.substring(message.lastIndexOf(": ") + 1).trim();
  }
}
