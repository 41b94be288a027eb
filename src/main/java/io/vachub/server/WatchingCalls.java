package io.vachub.server;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.vachub.load.ApplicationCalls;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import net.devh.boot.grpc.server.interceptor.GrpcGlobalServerInterceptor;

/**
 * The open calls that are not the application's: a health Watch or a reflection stream never ends
 * by itself and would hold a shutdown up until it is forced.
 */
@GrpcGlobalServerInterceptor
class WatchingCalls implements ServerInterceptor {

  private final Set<ServerCall<?, ?>> open = ConcurrentHashMap.newKeySet();

  /** Ends them all; clients see UNAVAILABLE and watch elsewhere. */
  void close() {
    for (ServerCall<?, ?> call : open) {
      if (open.remove(call)) {
        call.close(Status.UNAVAILABLE.withDescription("This pod is shutting down"), new Metadata());
      }
    }
  }

  @Override
  public <Q, S> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, S> call, Metadata headers, ServerCallHandler<Q, S> next) {
    ServerCall.Listener<Q> listener = next.startCall(call, headers);
    if (ApplicationCalls.include(call.getMethodDescriptor())) {
      return listener;
    }
    open.add(call);
    return new SimpleForwardingServerCallListener<>(listener) {
      @Override
      public void onCancel() {
        open.remove(call);
        super.onCancel();
      }

      @Override
      public void onComplete() {
        open.remove(call);
        super.onComplete();
      }
    };
  }
}
