package io.vachub.handoff;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.vachub.call.CallContext;

/**
 * A call as gRPC's transport sees it, and the status with which it ended there. A listener's
 * onCancel does not distinguish a client that cancelled from a lost connection; this does.
 */
final class TransportStatus extends ServerStreamTracer {

  private static final Context.Key<TransportStatus> KEY = Context.key("vachub-transport-status");

  private Context call;
  private volatile Status status = Status.UNKNOWN;

  static final ServerStreamTracer.Factory FACTORY =
      new ServerStreamTracer.Factory() {
        @Override
        public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
          return new TransportStatus();
        }
      };

  /** The status of the call that is being started on this thread. */
  static TransportStatus current() {
    return KEY.get();
  }

  /** How it ended: the service's status once that is written, or what ended the call instead. */
  Status status() {
    return status;
  }

  /** Ends the call although it was closed, because its client does not read the answer. */
  void reset() {
    CallContext.cancel(call, "The client did not read the answer in time");
  }

  @Override
  public void serverCallStarted(ServerCallInfo<?, ?> callInfo) {
    call = Context.current();
  }

  @Override
  public Context filterContext(Context context) {
    return context.withValue(KEY, this);
  }

  @Override
  public void streamClosed(Status status) {
    this.status = status;
  }
}
