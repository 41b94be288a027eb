package io.vachub.starter;

import java.io.IOException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.env.Environment;

/** Names the gRPC port that could not be bound; Spring Boot does it for the HTTP port. */
class PortInUseFailureAnalyzer implements FailureAnalyzer {

  private static final String GRPC_BIND_FAILURE = "Failed to bind to address";

  private final Environment environment;

  PortInUseFailureAnalyzer(Environment environment) {
    this.environment = environment;
  }

  @Override
  public FailureAnalysis analyze(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException
          && String.valueOf(cause.getMessage()).startsWith(GRPC_BIND_FAILURE)) {
        return new FailureAnalysis(
            "grpc.server.port: %s (expected: a free port; %s)"
                .formatted(environment.getProperty("grpc.server.port"), rootMessage(cause)),
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
