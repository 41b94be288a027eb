package io.vachub.handoff;

import io.grpc.Context;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.vachub.policy.HandoffReason;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One open call that can be handed off. A handoff takes its turn between the call's callbacks, so
 * that a message is either counted before it or never delivered; who asks for it never waits for a
 * callback that is running.
 */
final class HandoffCall<Q, S> extends SimpleForwardingServerCall<Q, S> {

  /** How a call ended. */
  enum Ending {
    COMPLETED,
    HANDED_OFF,
    CANCELLED_BY_CLIENT,
    CUT
  }

  private static final Logger log = LoggerFactory.getLogger(HandoffCall.class);

  @SuppressWarnings("rawtypes")
  private static final AtomicReferenceFieldUpdater<HandoffCall, HandoffReason> ASKED =
      AtomicReferenceFieldUpdater.newUpdater(HandoffCall.class, HandoffReason.class, "asked");

  private final TransportStatus transport;
  private final long startNanos;
  private final OpenCalls openCalls;

  /** Held by whoever runs a callback of this call or its handoff. */
  private final ReentrantLock turn = new ReentrantLock();

  private volatile HandoffReason asked;
  private volatile boolean handedOff;
  private volatile boolean closedByService;
  private volatile Future<?> timer;
  private volatile Runnable end;

  /** Guarded by turn. */
  private boolean over;

  HandoffCall(
      ServerCall<Q, S> call, TransportStatus transport, long startNanos, OpenCalls openCalls) {
    super(call);
    this.transport = transport;
    this.startNanos = startNanos;
    this.openCalls = openCalls;
  }

  long startNanos() {
    return startNanos;
  }

  /** The handoff that is due, which the end of the call makes pointless. */
  void scheduled(Future<?> timer) {
    this.timer = timer;
  }

  /** Starts the call in the service, which may register how it ends. */
  ServerCall.Listener<Q> start(Metadata headers, ServerCallHandler<Q, S> next) {
    turn.lock();
    try {
      Context context = here();
      Context previous = context.attach();
      try {
        return new Turns(next.startCall(this, headers));
      } catch (Throwable t) {
        // gRPC closes such a call without ever telling a listener. A status that was thrown is the
        // service's answer, such as UNAUTHENTICATED.
        over(Status.fromThrowable(t).getCode() == Code.UNKNOWN ? Ending.CUT : Ending.COMPLETED);
        throw t;
      } finally {
        context.detach(previous);
      }
    } finally {
      giveTurn();
    }
  }

  /** Where the service finds this call; made when needed, for a context a stream is much memory. */
  private Context here() {
    return Context.current().withValue(Handoff.CALL, this);
  }

  /** Only from within the call's own callbacks. */
  void endWith(Runnable end) {
    this.end = end;
  }

  /** Whether its service said how it ends, and nobody yet asked that it does. */
  boolean canBeHandedOff() {
    return end != null && asked == null;
  }

  /** Hands the call off as soon as no callback of it runs. The first reason stands. */
  void handOff(HandoffReason reason) {
    ASKED.compareAndSet(this, null, reason);
    handOffIfAsked();
  }

  private void giveTurn() {
    turn.unlock();
    handOffIfAsked();
  }

  private void handOffIfAsked() {
    // A failed try is no lost handoff: who holds the turn comes here after giving it up.
    if (asked != null && turn.tryLock()) {
      try {
        if (end != null && !handedOff && !closedByService && !over) {
          handedOff = true;
          runEnd();
        }
      } finally {
        turn.unlock();
      }
    }
  }

  private void runEnd() {
    try {
      end.run();
    } catch (RuntimeException e) {
      if (!closedByService && !isCancelled()) {
        log.error("{} could not be handed off", getMethodDescriptor().getFullMethodName(), e);
        super.close(Status.INTERNAL.withDescription("Handoff failed").withCause(e), new Metadata());
      }
    }
  }

  @Override
  public void close(Status status, Metadata trailers) {
    if (handedOff && status.isOk()) {
      trailers.put(Handoff.TRAILER, asked.label());
    }
    closedByService = true;
    super.close(status, trailers);
  }

  private void over(Ending ending) {
    over = true;
    if (timer != null) {
      timer.cancel(false);
    }
    openCalls.remove(this, ending);
  }

  /** The reason, for a call that ended as {@link Ending#HANDED_OFF}. */
  HandoffReason reason() {
    return asked;
  }

  /** The call's callbacks, each in its turn. */
  private final class Turns extends SimpleForwardingServerCallListener<Q> {

    Turns(ServerCall.Listener<Q> delegate) {
      super(delegate);
    }

    @Override
    public void onMessage(Q message) {
      turn.lock();
      try {
        if (!handedOff) {
          super.onMessage(message);
        }
      } finally {
        giveTurn();
      }
    }

    @Override
    public void onHalfClose() {
      turn.lock();
      try {
        if (!handedOff) {
          // Here gRPC runs the methods that take a single request.
          Context context = here();
          Context previous = context.attach();
          try {
            super.onHalfClose();
          } finally {
            context.detach(previous);
          }
        }
      } finally {
        giveTurn();
      }
    }

    @Override
    public void onReady() {
      turn.lock();
      try {
        super.onReady();
      } finally {
        giveTurn();
      }
    }

    @Override
    public void onComplete() {
      turn.lock();
      try {
        // gRPC itself closes a call whose handler threw.
        over(closedByService ? handedOff ? Ending.HANDED_OFF : Ending.COMPLETED : Ending.CUT);
        super.onComplete();
      } finally {
        turn.unlock();
      }
    }

    @Override
    public void onCancel() {
      turn.lock();
      try {
        over(transport.endedByClient() ? Ending.CANCELLED_BY_CLIENT : Ending.CUT);
        super.onCancel();
      } finally {
        turn.unlock();
      }
    }
  }
}
