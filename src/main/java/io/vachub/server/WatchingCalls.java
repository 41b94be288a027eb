package io.vachub.server;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.vachub.call.CallInterceptor;
import io.vachub.call.Place;
import io.vachub.call.UnreadableMessage;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The open calls that are not the application's: a health Watch or a reflection stream never ends
 * by itself and would hold a shutdown up until it is forced.
 */
class WatchingCalls implements CallInterceptor {

  private final int max;

  /** The oldest first. Guarded by itself. */
  private final Set<WatchingCall<?, ?>> open = new LinkedHashSet<>();

  WatchingCalls(ServerProperties properties) {
    max = properties.maxUncountedCalls();
  }

  /** Ends them all; clients see UNAVAILABLE and watch elsewhere. */
  void close() {
    List<WatchingCall<?, ?>> all;
    synchronized (open) {
      all = List.copyOf(open);
    }
    for (WatchingCall<?, ?> call : all) {
      call.close(Status.UNAVAILABLE.withDescription("This pod is shutting down"), new Metadata());
    }
  }

  @Override
  public Place place() {
    return Place.WATCH;
  }

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    WatchingCall<ReqT, RespT> watching = new WatchingCall<>(call);
    ServerCall.Listener<ReqT> listener = next.startCall(watching, headers);
    add(watching).ifPresent(WatchingCall::giveWay);
    return new SimpleForwardingServerCallListener<>(listener) {
      @Override
      public void onMessage(ReqT message) {
        // Of whichever class the marshaller gave it.
        if ((Object) message instanceof UnreadableMessage unreadable) {
          watching.close(unreadable.status(), new Metadata());
        } else {
          super.onMessage(message);
        }
      }

      @Override
      public void onCancel() {
        remove(watching);
        super.onCancel();
      }

      @Override
      public void onComplete() {
        remove(watching);
        super.onComplete();
      }
    };
  }

  /** Those that end by themselves are not the oldest for long; a probe always finds room. */
  private Optional<WatchingCall<?, ?>> add(WatchingCall<?, ?> call) {
    synchronized (open) {
      open.add(call);
      if (open.size() <= max) {
        return Optional.empty();
      }
      WatchingCall<?, ?> oldest = open.iterator().next();
      open.remove(oldest);
      return Optional.of(oldest);
    }
  }

  private void remove(WatchingCall<?, ?> call) {
    synchronized (open) {
      open.remove(call);
    }
  }

  /** Closes once, for its service may answer, or have answered, while a shutdown closes it. */
  private static final class WatchingCall<ReqT, RespT>
      extends SimpleForwardingServerCall<ReqT, RespT> {

    private boolean closed;

    WatchingCall(ServerCall<ReqT, RespT> call) {
      super(call);
    }

    void giveWay() {
      close(
          Status.RESOURCE_EXHAUSTED.withDescription(
              "More calls of this kind are open than vachub.server.max-uncounted-calls"),
          new Metadata());
    }

    @Override
    public synchronized void sendHeaders(Metadata headers) {
      if (!closed) {
        super.sendHeaders(headers);
      }
    }

    @Override
    public synchronized void sendMessage(RespT message) {
      if (!closed) {
        super.sendMessage(message);
      }
    }

    @Override
    public synchronized void close(Status status, Metadata trailers) {
      if (!closed) {
        closed = true;
        super.close(status, trailers);
      }
    }
  }
}
