package io.vachub.handoff;

import static java.util.Objects.requireNonNull;

import io.grpc.Context;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.vachub.call.UnreadableMessage;
import io.vachub.policy.HandoffReason;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
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

  private static final Logger log = LoggerFactory.getLogger(HandoffCall.class);

  @SuppressWarnings("rawtypes")
  private static final AtomicReferenceFieldUpdater<HandoffCall, HandoffReason> ASKED =
      AtomicReferenceFieldUpdater.newUpdater(HandoffCall.class, HandoffReason.class, "asked");

  @SuppressWarnings("rawtypes")
  private static final AtomicLongFieldUpdater<HandoffCall> DELIVERED =
      AtomicLongFieldUpdater.newUpdater(HandoffCall.class, "delivered");

  private final TransportStatus transport;
  private final long startNanos;
  private final boolean accepts;
  private final OpenCalls openCalls;

  /** Held by whoever runs a callback of this call or its handoff. */
  private final ReentrantLock turn = new ReentrantLock();

  /** The messages delivered, or its complement once no more will be. */
  private volatile long delivered;

  private volatile HandoffReason asked;
  private volatile boolean handedOff;
  private volatile boolean endedWell;
  private volatile boolean answered;
  private volatile boolean headersSent;
  private volatile Future<?> timer;
  private volatile Runnable end;

  /** Guarded by turn. */
  private boolean unreadable;

  /** Guarded by turn. */
  private boolean over;

  /**
   * A call of now.
   *
   * @param accepts whether the client said that it goes on after a handoff
   */
  HandoffCall(ServerCall<Q, S> call, boolean accepts, OpenCalls openCalls) {
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

  /** The handoff that is due, which the end of the call makes pointless. */
  void scheduled(Future<?> timer) {
    this.timer = timer;
  }

  /** Starts the call in the service, which may register how it ends. */
  ServerCall.Listener<Q> start(Metadata headers, ServerCallHandler<Q, S> next) {
    turn.lock();
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
    turn.unlock();
    handOffIfAsked();
  }

  private void handOffIfAsked() {
    // A failed try is no lost handoff: who holds the turn comes here after giving it up.
    if (asked != null && turn.tryLock()) {
      try {
        if (end != null && !handedOff && !answered && !over) {
          handedOff = true;
          deliverNoMore();
          runEnd();
        }
      } finally {
        turn.unlock();
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
      timer = openCalls.afterReadingTime(transport::reset);
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
    if (timer != null) {
      timer.cancel(false);
    }
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
    if (endedWell && status.getCode() == Status.Code.DEADLINE_EXCEEDED) {
      return Ending.CLIENT_ERROR;
    }
    return Ending.ofTransport(
        status, answered, openCalls.forcedClose().isDue(getAttributes(), startNanos));
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
      turn.lock();
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
        over(answeredEnding());
        if (unreadable) {
          // The service has ended nothing: for it the client went away.
          super.onCancel();
        } else {
          super.onComplete();
        }
      } finally {
        turn.unlock();
      }
    }

    @Override
    public void onCancel() {
      turn.lock();
      try {
        over(transportEnding());
        super.onCancel();
      } finally {
        turn.unlock();
      }
    }
  }
}
