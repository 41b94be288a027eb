package io.vachub.handoff;

import static java.util.Objects.requireNonNull;

import io.grpc.Context;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.vachub.call.CallTransport;
import io.vachub.call.UnreadableMessage;
import io.vachub.policy.HandoffReason;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One open call that can be handed off. A handoff runs between the callbacks of the call, so that a
 * message is either counted before it or never delivered. The caller that requests a handoff never
 * waits for a running callback.
 */
final class HandoffCall<ReqT, RespT> extends SimpleForwardingServerCall<ReqT, RespT> {

  private static final Logger log = LoggerFactory.getLogger(HandoffCall.class);

  @SuppressWarnings("rawtypes")
  private static final AtomicReferenceFieldUpdater<HandoffCall, HandoffReason> ASKED =
      AtomicReferenceFieldUpdater.newUpdater(HandoffCall.class, HandoffReason.class, "asked");

  @SuppressWarnings("rawtypes")
  private static final AtomicLongFieldUpdater<HandoffCall> STATE =
      AtomicLongFieldUpdater.newUpdater(HandoffCall.class, "state");

  /** A callback of this call, or its handoff, is running. */
  private static final long TAKEN = 1;

  /** And another thread waits for it to finish. */
  private static final long AWAITED = 2;

  /** The service gets no more messages. */
  private static final long NO_MORE = 4;

  /** One message delivered; the number of them is in the bits from here on. */
  private static final long MESSAGE = 8;

  private final CallTransport transport;
  private final long startNanos;
  private final boolean accepts;
  private final OpenCalls openCalls;

  /**
   * Whose turn it is and how many messages were delivered, in one word, so that a message takes its
   * turn and is counted in one step.
   */
  private volatile long state;

  private volatile HandoffReason asked;
  private volatile boolean handedOff;
  private volatile boolean endedWell;
  private volatile boolean answered;
  private volatile boolean headersSent;
  private volatile HandoffReason dueFor;
  private volatile Runnable end;

  // Guarded by the wheel.
  boolean onWheel;
  int dueTick;
  HandoffCall<?, ?> previous;
  HandoffCall<?, ?> next;

  /** Guarded by the turn. */
  private boolean unreadable;

  /** Guarded by the turn. */
  private boolean over;

  /**
   * A call that starts now.
   *
   * @param transport how it ends in the transport
   * @param accepts whether the client accepts handoffs
   */
  HandoffCall(
      ServerCall<ReqT, RespT> call, CallTransport transport, boolean accepts, OpenCalls openCalls) {
    super(call);
    this.transport = transport;
    this.startNanos = System.nanoTime();
    this.accepts = accepts;
    this.openCalls = openCalls;
  }

  long startNanos() {
    return startNanos;
  }

  /** Whether the client accepts handoffs. */
  boolean accepts() {
    return accepts;
  }

  /** The reason with which it is handed off when its timer is due. */
  void dueFor(HandoffReason reason) {
    dueFor = reason;
  }

  /** What its timer is for: its handoff, or the end of the time to read its answer. */
  Runnable whatIsDue() {
    return endedWell
        ? () -> transport.reset("The client did not read the answer in time")
        : () -> handOff(dueFor);
  }

  /** Starts the call in the service, which may register how to end it. */
  ServerCall.Listener<ReqT> start(Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    takeTurn();
    try {
      Context here = here();
      Context previous = here.attach();
      try {
        return new Turns(requireNonNull(next.startCall(this, headers)));
      } catch (Throwable t) {
        // gRPC closes such a call without notifying a listener. A status that was thrown is the
        // service's answer, such as UNAUTHENTICATED.
        over(Ending.ofAnswer(Status.fromThrowable(t)));
        throw t;
      } finally {
        here.detach(previous);
      }
    } finally {
      giveTurn();
    }
  }

  /**
   * The context in which the service finds this call; created when needed, because one context per
   * stream takes much memory.
   */
  private Context here() {
    return Context.current().withValue(Handoff.CALL, this);
  }

  /** Call this only in the call's own callbacks. */
  void endWith(Runnable end) {
    this.end = end;
  }

  /** Whether the service registered how to end it, and no handoff was requested yet. */
  boolean canBeHandedOff() {
    return end != null && asked == null;
  }

  /** Hands the call off as soon as none of its callbacks runs. The first reason is kept. */
  void handOff(HandoffReason reason) {
    ASKED.compareAndSet(this, null, reason);
    handOffIfAsked();
  }

  private void giveTurn() {
    endTurn();
    handOffIfAsked();
  }

  private void takeTurn() {
    takeTurn(0);
  }

  /** Takes the turn and counts a message, or returns false if the service must get no more. */
  private boolean takeTurnForMessage() {
    return (takeTurn(MESSAGE) & NO_MORE) == 0;
  }

  /** A lock in one field, because a call is open for long and rarely contended. */
  private boolean tryTurn() {
    return isFree(STATE.getAndUpdate(this, now -> now | TAKEN));
  }

  /** Returns the state in which it was free. */
  private long takeTurn(long messages) {
    long before = state;
    while (isFree(before)) {
      if (STATE.compareAndSet(this, before, counted(before, messages) | TAKEN)) {
        return before;
      }
      before = state;
    }
    return awaitTurn(messages);
  }

  private synchronized long awaitTurn(long messages) {
    boolean interrupted = false;
    long before = STATE.getAndUpdate(this, now -> awaited(now, messages));
    while (!isFree(before)) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
      before = STATE.getAndUpdate(this, now -> awaited(now, messages));
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return before;
  }

  private void endTurn() {
    long before = STATE.getAndUpdate(this, now -> now & ~(TAKEN | AWAITED));
    if ((before & AWAITED) != 0) {
      synchronized (this) {
        notifyAll();
      }
    }
  }

  private static boolean isFree(long state) {
    return (state & TAKEN) == 0;
  }

  private static long awaited(long state, long messages) {
    return (isFree(state) ? counted(state, messages) : state) | TAKEN | AWAITED;
  }

  private static long counted(long state, long messages) {
    return (state & NO_MORE) == 0 ? state + messages : state;
  }

  private void handOffIfAsked() {
    // A failed try loses no handoff: the current holder comes here after it has released the lock.
    if (asked != null && tryTurn()) {
      try {
        if (end != null && !handedOff && !answered && !over) {
          handedOff = true;
          deliverNoMore();
          runEnd();
        }
      } finally {
        endTurn();
      }
    }
  }

  /** An exception of the service affects only this call, not those that are handed off next. */
  private void runEnd() {
    try {
      end.run();
    } catch (Throwable t) {
      log.error(
          "A call of {} could not be handed off", getMethodDescriptor().getFullMethodName(), t);
      if (!answered && !isCancelled()) {
        close(Status.INTERNAL.withDescription("Handoff failed").withCause(t), new Metadata());
      }
    }
  }

  /** The number of messages that reached the service; final from now on. */
  private long deliverNoMore() {
    return STATE.getAndUpdate(this, now -> now | NO_MORE) / MESSAGE;
  }

  @Override
  public void sendHeaders(Metadata headers) {
    headersSent = true;
    super.sendHeaders(headers);
  }

  @Override
  public void close(Status status, Metadata trailers) {
    long messages = deliverNoMore();
    if (handedOff || !getMethodDescriptor().getType().clientSendsOneMessage()) {
      trailers.put(Handoff.MESSAGE_COUNT, Long.toString(messages));
    }
    Status told = status;
    if (handedOff && status.isOk()) {
      trailers.put(Handoff.REASON, asked.label());
      // In this order, so that the timer of its handoff is not taken for that of its reading.
      openCalls.awaitReading(this);
      endedWell = true;
      if (!accepts) {
        told = goOn(messages);
        commit();
      }
    }
    answered = true;
    super.close(told, trailers);
  }

  /** A client that does not accept handoffs would take OK for the end of its work. */
  private Status goOn(long messages) {
    return Status.UNAVAILABLE.withDescription(
        "handed off (%s) after %d %s; open the stream again"
            .formatted(asked.label(), messages, messages == 1 ? "message" : "messages"));
  }

  /** gRPC's own retries never repeat a call that was answered with headers (gRFC A6). */
  private void commit() {
    if (!headersSent) {
      sendHeaders(new Metadata());
    }
  }

  private void over(Ending ending) {
    over = true;
    openCalls.remove(this);
    if (ending == Ending.HANDED_OFF) {
      openCalls.endings().countHandoff(asked, accepts);
    } else {
      openCalls.endings().count(ending);
    }
  }

  /** The ending of a call whose answer has been written. */
  private Ending answeredEnding() {
    if (endedWell) {
      return Ending.HANDED_OFF;
    }
    return handedOff ? Ending.SERVER_ERROR : Ending.ofAnswer(transport.status());
  }

  /** The ending of a call that the transport ended before its answer was written. */
  private Ending transportEnding() {
    if (transport.wasReset()) {
      return Ending.CLIENT_ERROR;
    }
    return Ending.ofTransport(
        transport.status(), answered, openCalls.forcedClose().isDue(getAttributes(), startNanos));
  }

  /** The call's callbacks, one at a time and never during a handoff. */
  private final class Turns extends SimpleForwardingServerCallListener<ReqT> {

    Turns(ServerCall.Listener<ReqT> delegate) {
      super(delegate);
    }

    @Override
    public void onMessage(ReqT message) {
      // The marshaller's message may be of any class.
      if ((Object) message instanceof UnreadableMessage bad) {
        refuse(bad);
        return;
      }
      boolean deliver = takeTurnForMessage();
      try {
        if (deliver) {
          super.onMessage(message);
        }
      } finally {
        giveTurn();
      }
    }

    private void refuse(UnreadableMessage message) {
      takeTurn();
      try {
        if (!answered && !handedOff) {
          unreadable = true;
          close(message.status(), new Metadata());
        }
      } finally {
        giveTurn();
      }
    }

    @Override
    public void onHalfClose() {
      takeTurn();
      try {
        if (!handedOff && !unreadable) {
          // gRPC runs methods with a single request here.
          Context here = here();
          Context previous = here.attach();
          try {
            super.onHalfClose();
          } finally {
            here.detach(previous);
          }
        }
      } finally {
        giveTurn();
      }
    }

    @Override
    public void onReady() {
      takeTurn();
      try {
        super.onReady();
      } finally {
        giveTurn();
      }
    }

    @Override
    public void onComplete() {
      takeTurn();
      try {
        over(answeredEnding());
        if (unreadable) {
          // The service has not ended the call: to the service, the client has gone away.
          super.onCancel();
        } else {
          super.onComplete();
        }
      } finally {
        endTurn();
      }
    }

    @Override
    public void onCancel() {
      takeTurn();
      try {
        over(transportEnding());
        super.onCancel();
      } finally {
        endTurn();
      }
    }
  }
}
