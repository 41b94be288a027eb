package io.vachub.handoff;

import static java.util.Objects.requireNonNull;

import io.grpc.Context;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.vachub.call.CallContext;
import io.vachub.call.UnreadableMessage;
import io.vachub.policy.HandoffReason;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One open call that can be handed off. A handoff takes its turn between the call's callbacks, so
 * that a message is either counted before it or never delivered; who asks for it never waits for a
 * callback that is running.
 */
final class HandoffCall<ReqT, RespT> extends SimpleForwardingServerCall<ReqT, RespT> {

  private static final Logger log = LoggerFactory.getLogger(HandoffCall.class);

  @SuppressWarnings("rawtypes")
  private static final AtomicReferenceFieldUpdater<HandoffCall, HandoffReason> ASKED =
      AtomicReferenceFieldUpdater.newUpdater(HandoffCall.class, HandoffReason.class, "asked");

  @SuppressWarnings("rawtypes")
  private static final AtomicIntegerFieldUpdater<HandoffCall> TURN =
      AtomicIntegerFieldUpdater.newUpdater(HandoffCall.class, "turn");

  /** Nobody has the turn. */
  private static final int FREE = 0;

  /** Whoever runs a callback of this call, or its handoff, has it. */
  private static final int TAKEN = 1;

  /** And somebody waits for it. */
  private static final int AWAITED = 2;

  @SuppressWarnings("rawtypes")
  private static final AtomicLongFieldUpdater<HandoffCall> DELIVERED =
      AtomicLongFieldUpdater.newUpdater(HandoffCall.class, "delivered");

  private final TransportStatus transport;
  private final long startNanos;
  private final boolean accepts;
  private final OpenCalls openCalls;

  /** The messages delivered, or its complement once no more will be. */
  private volatile long delivered;

  private volatile HandoffReason asked;
  private volatile boolean handedOff;
  private volatile boolean endedWell;
  private volatile boolean answered;
  private volatile boolean headersSent;
  private volatile HandoffReason dueFor;
  private volatile Runnable end;

  /** {@link #FREE}, {@link #TAKEN} or {@link #AWAITED}. */
  private volatile int turn;

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
   * A call of now.
   *
   * @param accepts whether the client said that it goes on after a handoff
   */
  HandoffCall(ServerCall<ReqT, RespT> call, boolean accepts, OpenCalls openCalls) {
    super(call);
    this.transport = TransportStatus.current();
    this.startNanos = System.nanoTime();
    this.accepts = accepts;
    this.openCalls = openCalls;
  }

  long startNanos() {
    return startNanos;
  }

  /** Whether the client said that it goes on after a handoff. */
  boolean accepts() {
    return accepts;
  }

  /** Why it will be handed off when the wheel tells it. */
  void dueFor(HandoffReason reason) {
    dueFor = reason;
  }

  /** What it waited for is due: its handoff, or the end of the time to read its answer. */
  void due() {
    if (endedWell) {
      transport.reset();
    } else {
      handOff(dueFor);
    }
  }

  /** Starts the call in the service, which may register how it ends. */
  ServerCall.Listener<ReqT> start(Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    takeTurn();
    try {
      Context here = here();
      Context previous = here.attach();
      try {
        return new Turns(requireNonNull(next.startCall(this, headers)));
      } catch (Throwable t) {
        // gRPC closes such a call without ever telling a listener. A status that was thrown is the
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
    endTurn();
    handOffIfAsked();
  }

  /** A lock of one field, for a call is open long and its turn is hardly ever awaited. */
  private boolean tryTurn() {
    return TURN.compareAndSet(this, FREE, TAKEN);
  }

  private void takeTurn() {
    if (!tryTurn()) {
      awaitTurn();
    }
  }

  private synchronized void awaitTurn() {
    boolean interrupted = false;
    while (TURN.getAndSet(this, AWAITED) != FREE) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void endTurn() {
    if (TURN.getAndSet(this, FREE) == AWAITED) {
      synchronized (this) {
        notifyAll();
      }
    }
  }

  private void handOffIfAsked() {
    // A failed try is no lost handoff: who holds the turn comes here after giving it up.
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

  /** Whatever the service throws concerns this call alone, not those that are handed off next. */
  private void runEnd() {
    try {
      end.run();
    } catch (Throwable t) {
      log.error("{} could not be handed off", getMethodDescriptor().getFullMethodName(), t);
      if (!answered && !isCancelled()) {
        close(Status.INTERNAL.withDescription("Handoff failed").withCause(t), new Metadata());
      }
    }
  }

  /** Counts a message in, or returns false if the service is to see no more. */
  private boolean deliver() {
    long before;
    do {
      before = delivered;
      if (before < 0) {
        return false;
      }
    } while (!DELIVERED.compareAndSet(this, before, before + 1));
    return true;
  }

  /** Stands from now on: the messages that reached the service. */
  private long deliverNoMore() {
    long count = DELIVERED.getAndUpdate(this, before -> before < 0 ? before : ~before);
    return count < 0 ? ~count : count;
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
      endedWell = true;
      openCalls.awaitReading(this);
      if (!accepts) {
        told = goOn(messages);
        commit();
      }
    }
    answered = true;
    super.close(told, trailers);
  }

  /** To a client that did not say that it goes on, an OK would look like the end of its work. */
  private Status goOn(long messages) {
    return Status.UNAVAILABLE.withDescription(
        "handed off (%s) after %d %s; open the stream again"
            .formatted(asked.label(), messages, messages == 1 ? "message" : "messages"));
  }

  /** A call that was answered with headers is never repeated by gRPC's own retries (gRFC A6). */
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

  /** That of a call whose answer has been written. */
  private Ending answeredEnding() {
    if (endedWell) {
      return Ending.HANDED_OFF;
    }
    return handedOff ? Ending.SERVER_ERROR : Ending.ofAnswer(transport.status());
  }

  /** That of a call which the transport ended before its answer was written. */
  private Ending transportEnding() {
    Status status = transport.status();
    if (CallContext.wasCancelled(status)) {
      return Ending.CLIENT_ERROR;
    }
    return Ending.ofTransport(
        status, answered, openCalls.forcedClose().isDue(getAttributes(), startNanos));
  }

  /** The call's callbacks, each in its turn. */
  private final class Turns extends SimpleForwardingServerCallListener<ReqT> {

    Turns(ServerCall.Listener<ReqT> delegate) {
      super(delegate);
    }

    @Override
    public void onMessage(ReqT message) {
      takeTurn();
      try {
        // Of whichever class the marshaller gave it.
        if ((Object) message instanceof UnreadableMessage bad) {
          refuse(bad);
        } else if (deliver()) {
          super.onMessage(message);
        }
      } finally {
        giveTurn();
      }
    }

    private void refuse(UnreadableMessage message) {
      if (!answered && !handedOff) {
        unreadable = true;
        close(message.status(), new Metadata());
      }
    }

    @Override
    public void onHalfClose() {
      takeTurn();
      try {
        if (!handedOff && !unreadable) {
          // Here gRPC runs the methods that take a single request.
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
          // The service has ended nothing: for it the client went away.
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
