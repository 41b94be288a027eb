package io.vachub.call;

import static java.util.Objects.requireNonNullElse;

import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A call as gRPC's transport sees it, and the status with which it ended there. A listener's
 * onCancel does not distinguish a client that cancelled from a lost connection; this does.
 */
public class CallTransport extends ServerStreamTracer {

  /**
   * The calls that gRPC has started and the interceptors have not, by their contexts. A value in
   * the context itself would take three times this object for as long as the call is open.
   */
  private static final Map<CancellableContext, CallTransport> STARTING = new ConcurrentHashMap<>();

  private volatile CancellableContext context;

  /** Null until the end. */
  private volatile Status status;

  /**
   * Makes one for each call. A room that needs more of the transport extends this; its bean then
   * serves the other rooms too.
   */
  public static class Factory extends ServerStreamTracer.Factory {

    @Override
    public CallTransport newServerStreamTracer(String fullMethodName, Metadata headers) {
      return new CallTransport();
    }
  }

  /**
   * The call that is being started on this thread. Only the first to ask gets it.
   *
   * @throws IllegalStateException if there is none, or the server has no {@link Factory}
   */
  public static CallTransport current() {
    CancellableContext context = CallContext.of(Context.current());
    while (context != null) {
      CallTransport starting = STARTING.remove(context);
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
  public final Status status() {
    return requireNonNullElse(status, Status.UNKNOWN);
  }

  /** Whether gRPC has started the call and it has not ended. */
  public final boolean isOpen() {
    return context != null && status == null;
  }

  /**
   * Ends the call, also one that was closed and whose answer is not read, because of what its
   * client did or did not do.
   */
  public final void reset(String why) {
    CallContext.cancel(context, why);
  }

  /** Whether it ended because it was {@link #reset}. */
  public final boolean wasReset() {
    return CallContext.wasCancelled(status());
  }

  @Override
  public final void serverCallStarted(ServerCallInfo<?, ?> callInfo) {
    CancellableContext started = CallContext.of(Context.current());
    context = started;
    STARTING.put(started, this);
    if (status != null) {
      STARTING.remove(started);
    }
  }

  @Override
  public void streamClosed(Status status) {
    this.status = status;
    if (context != null) {
      STARTING.remove(context);
    }
  }
}
