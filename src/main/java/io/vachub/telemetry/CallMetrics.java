package io.vachub.telemetry;

import io.grpc.opentelemetry.GrpcOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.vachub.call.ServerCustomizer;
import java.util.List;
import org.springframework.context.annotation.Bean;

/** gRPC's own per-call metrics (gRFC A66). */
class CallMetrics {

  private static final List<String> METRICS =
      List.of(
          "grpc.server.call.started",
          "grpc.server.call.duration",
          "grpc.server.call.rcvd_total_compressed_message_size",
          "grpc.server.call.sent_total_compressed_message_size");

  @Bean
  ServerCustomizer measureCalls(OpenTelemetry openTelemetry) {
    GrpcOpenTelemetry metrics =
        GrpcOpenTelemetry.newBuilder()
            .sdk(openTelemetry)
            .disableAllMetrics()
            .enableMetrics(METRICS)
            .build();
    return builder -> metrics.configureServerBuilder(new SharedMethodNames(builder));
  }
}
