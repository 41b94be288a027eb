package io.vachub.handoff;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.vachub.call.CallHeaders;
import io.vachub.load.ApplicationCalls;
import java.util.Optional;
import net.devh.boot.grpc.server.interceptor.GrpcGlobalServerInterceptor;
import org.springframework.core.annotation.Order;

/** Makes each application call one that can be handed off, and hands it off when its time comes. */
@GrpcGlobalServerInterceptor
@Order(HandoffInterceptor.ORDER)
class HandoffInterceptor implements ServerInterceptor {

  static final int ORDER = 300;

  private final OpenCalls openCalls;
  private final HandoffSchedules schedules;

  HandoffInterceptor(OpenCalls openCalls, HandoffSchedules schedules) {
    this.openCalls = openCalls;
    this.schedules = schedules;
  }

  @Override
  public <Q, S> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, S> call, Metadata headers, ServerCallHandler<Q, S> next) {
    if (!ApplicationCalls.include(call.getMethodDescriptor())) {
      return next.startCall(call, headers);
    }
    HandoffCall<Q, S> handoffCall =
        new HandoffCall<>(call, CallHeaders.acceptsHandoff(headers), openCalls);
    openCalls.add(
        handoffCall,
        schedules
            .of(handoffCall.accepts())
            .due(
                Optional.ofNullable(call.getAttributes().get(ConnectionStart.KEY)),
                handoffCall.startNanos()));
    return handoffCall.start(headers, next);
  }
}
