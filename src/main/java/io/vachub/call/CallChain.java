package io.vachub.call;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.Comparator;
import java.util.List;

/**
 * The way of a call through the house: all its interceptors as one, in the order of their places,
 * one way for application calls and one for the others.
 */
public final class CallChain implements ServerInterceptor {

  private final List<CallInterceptor> forApplicationCalls;
  private final List<CallInterceptor> forOthers;

  /** In whichever order they are given. */
  public CallChain(List<CallInterceptor> interceptors) {
    forApplicationCalls = way(interceptors, true);
    forOthers = way(interceptors, false);
  }

  private static List<CallInterceptor> way(
      List<CallInterceptor> interceptors, boolean applicationCall) {
    return interceptors.stream()
        .filter(interceptor -> interceptor.place().isFor(applicationCall))
        .sorted(Comparator.comparing(CallInterceptor::place))
        .toList();
  }

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> service) {
    boolean applicationCall = ApplicationCalls.include(call.getMethodDescriptor());
    return new Way<>(applicationCall ? forApplicationCalls : forOthers, 0, service)
        .startCall(call, headers);
  }

  /** What is left of a call's way after so many steps. */
  private record Way<ReqT, RespT>(
      List<CallInterceptor> interceptors, int steps, ServerCallHandler<ReqT, RespT> service)
      implements ServerCallHandler<ReqT, RespT> {

    @Override
    public ServerCall.Listener<ReqT> startCall(ServerCall<ReqT, RespT> call, Metadata headers) {
      return steps == interceptors.size()
          ? service.startCall(call, headers)
          : interceptors
              .get(steps)
              .interceptCall(call, headers, new Way<>(interceptors, steps + 1, service));
    }
  }
}
