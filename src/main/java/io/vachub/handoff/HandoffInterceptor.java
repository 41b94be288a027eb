package io.vachub.handoff;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.vachub.call.CallHeaders;
import io.vachub.call.CallInterceptor;
import io.vachub.call.CallTransport;
import io.vachub.call.Place;
import java.util.Optional;

/** Makes it possible to hand off each application call, and schedules its handoff. */
class HandoffInterceptor implements CallInterceptor {

  private final OpenCalls openCalls;
  private final HandoffSchedules schedules;

  HandoffInterceptor(OpenCalls openCalls, HandoffSchedules schedules) {
    this.openCalls = openCalls;
    this.schedules = schedules;
  }

  @Override
  public Place place() {
    return Place.HANDOFF;
  }

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    HandoffCall<ReqT, RespT> handoffCall =
        new HandoffCall<>(
            call, CallTransport.current(), CallHeaders.acceptsHandoff(headers), openCalls);
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
