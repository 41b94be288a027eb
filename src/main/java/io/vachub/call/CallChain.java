package io.vachub.call;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * All interceptors of the service as one, in the order of their {@link Place}: one chain for
 * application calls and one for the others.
 */
public final class CallChain implements ServerInterceptor {

  /** Interceptors without an order, as a team's own, come behind it. */
  public static final int ORDER = 100;

  private final List<CallInterceptor> forApplicationCalls;
  private final List<CallInterceptor> forOthers;

  /** Takes the interceptors in any order; if several have the same place, the first of them. */
  public CallChain(List<CallInterceptor> interceptors) {
    Map<Place, CallInterceptor> places = new EnumMap<>(Place.class);
    interceptors.forEach(interceptor -> places.putIfAbsent(interceptor.place(), interceptor));
    forApplicationCalls = way(places, true);
    forOthers = way(places, false);
  }

  private static List<CallInterceptor> way(
      Map<Place, CallInterceptor> places, boolean applicationCall) {
    return places.values().stream()
        .filter(interceptor -> interceptor.place().isFor(applicationCall))
        .toList();
  }

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> service) {
    boolean applicationCall = ApplicationCalls.include(call.getMethodDescriptor());
    return new Way<>(applicationCall ? forApplicationCalls : forOthers, 0, service)
        .startCall(call, headers);
  }

  /** The rest of the chain after so many interceptors. */
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
