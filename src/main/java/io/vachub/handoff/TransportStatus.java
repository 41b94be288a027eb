package io.vachub.handoff;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;

/**
 * How the transport saw a call end. A listener's onCancel does not tell a client that cancelled
 * from a connection that was lost; this does.
 */
final class TransportStatus extends ServerStreamTracer {

  private static final Context.Key<TransportStatus> KEY = Context.key("vachub-transport-status");

  private volatile Status status;

  static final ServerStreamTracer.Factory FACTORY =
      new ServerStreamTracer.Factory() {
        @Override
        public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
          return new TransportStatus();
        }
      };

  /** That of the call that is being started on this thread. */
  static TransportStatus current() {
    return KEY.get();
  }

  /**
   * Whether the client ended the call: it cancelled, or its own deadline passed, which reaches the
   * server as either of the two.
   */
  boolean endedByClient() {
    Status ended = status;
    return ended != null
        && (ended.getCode() == Status.Code.CANCELLED
            || ended.getCode() == Status.Code.DEADLINE_EXCEEDED);
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
