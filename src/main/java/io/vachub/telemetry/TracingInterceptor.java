package io.vachub.telemetry;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.instrumentation.grpc.v1_6.GrpcTelemetry;
import io.vachub.load.ApplicationCalls;
import net.devh.boot.grpc.server.interceptor.GrpcGlobalServerInterceptor;
import org.springframework.core.annotation.Order;

/**
 * Opens a server span around each application call. Messages leave no span events: a stream that
 * lives for an hour would collect them without bound.
 */
@GrpcGlobalServerInterceptor
@Order(TracingInterceptor.ORDER)
class TracingInterceptor implements ServerInterceptor {

  static final int ORDER = 100;

  private final ServerInterceptor spans;

  TracingInterceptor(OpenTelemetry openTelemetry) {
    this.spans =
        GrpcTelemetry.builder(openTelemetry)
            .setEmitMessageEvents(false)
            .build()
            .createServerInterceptor();
  }

  @Override
  public <Q, S> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, S> call, Metadata headers, ServerCallHandler<Q, S> next) {
    return ApplicationCalls.include(call.getMethodDescriptor())
        ? spans.interceptCall(call, headers, next)
        : next.startCall(call, headers);
  }
}
