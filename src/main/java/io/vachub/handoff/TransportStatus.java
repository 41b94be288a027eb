package io.vachub.handoff;

import static java.util.Objects.requireNonNullElse;

import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.vachub.call.CallContext;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A call as gRPC's transport sees it, and the status with which it ended there. A listener's
 * onCancel does not distinguish a client that cancelled from a lost connection; this does.
 */
final class TransportStatus extends ServerStreamTracer {

  /**
   * The calls that gRPC has started and the interceptors have not, by their contexts. A value in
   * the context itself would take three times this object for as long as the call is open.
   */
  private static final Map<CancellableContext, TransportStatus> STARTING =
      new ConcurrentHashMap<>();

  private volatile CancellableContext call;

  /** Null while it is open. */
  private volatile Status status;

  static final ServerStreamTracer.Factory FACTORY =
      new ServerStreamTracer.Factory() {
        @Override
        public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
          return new TransportStatus();
        }
      };

  /** The call that is being started on this thread; only the first to ask gets it. */
  static TransportStatus current() {
    CancellableContext context = CallContext.of(Context.current());
    while (context != null) {
      TransportStatus starting = STARTING.remove(context);
      if (starting != null) {
        return starting;
      }
      // An interceptor before ours may have put one of its own in between.
      context = CallContext.of(context);
    }
    throw new IllegalStateException("No call is being started in " + Context.current());
  }

  /** How many calls are remembered because no interceptor asked for them. */
  static int starting() {
    return STARTING.size();
  }

  /** How it ended: the service's status once that is written, or what ended the call instead. */
  Status status() {
    return requireNonNullElse(status, Status.UNKNOWN);
  }

  /** Ends the call although it was closed, because its client does not read the answer. */
  void reset() {
    CallContext.cancel(call, "The client did not read the answer in time");
  }

  @Override
  public void serverCallStarted(ServerCallInfo<?, ?> callInfo) {
    CancellableContext context = CallContext.of(Context.current());
    call = context;
    STARTING.put(context, this);
    if (status != null) {
      STARTING.remove(context);
    }
  }

  @Override
  public void streamClosed(Status status) {
    this.status = status;
    if (call != null) {
      STARTING.remove(call);
    }
  }
}
