package io.vachub.loadtest.stream;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.vachub.loadtest.account.Settlement;
import io.vachub.loadtest.connection.StatusText;
import io.vachub.loadtest.load.HandoffConsent;
import io.vachub.loadtest.load.Rate;
import io.vachub.loadtest.measure.Cause;
import io.vachub.loadtest.measure.Meter;
import io.vachub.loadtest.measure.Timing;
import io.vachub.loadtest.pace.Schedule;
import io.vachub.loadtest.pace.Timed;
import io.vachub.proto.TextResponse;
import java.time.Duration;

/**
 * One stream as its user sees it: a row of numbered messages that goes on from call to call,
 * wherever servers hand it off to. Runs on its lane's event loop only.
 */
final class LoadStream extends Timed {

  /** The header that names the pod which serves a call. */
  static final Metadata.Key<String> POD =
      Metadata.Key.of("vachub-pod", Metadata.ASCII_STRING_MARSHALLER);

  /** Asks the client to go on over a new connection. */
  private static final String REBALANCE = "rebalance";

  /**
   * Nothing leaves before the server has answered with a header, so that a refused stream has no
   * message on it. After this long it does all the same, unless the service is known to answer
   * streams at once: then it is slow, and does not keep its header back.
   */
  private static final long HEADER_WAIT_NANOS = Duration.ofSeconds(1).toNanos();

  private static final long NO_TIME = Long.MIN_VALUE / 2;

  private final Lane lane;
  private final ClientChannel channel;
  private final MethodDescriptor<Message, TextResponse> method;
  private final Message message;
  private final Rate rate;
  private final long startNanos;
  private final HandoffConsent consent;
  private final Observer observer;
  private final Backoff backoff;

  private Schedule schedule;
  private long next;
  private long everSent;
  private long lastSendNanos = NO_TIME;
  private long gapSinceNanos = NO_TIME;
  private Timing gap;
  private Attempt attempt;
  private boolean everAsked;
  private boolean everOpened;
  private boolean givenUp;
  private boolean finishing;
  private boolean abandoned;
  private boolean done;

  LoadStream(
      Lane lane,
      ClientChannel channel,
      MethodDescriptor<Message, TextResponse> method,
      Message message,
      Rate rate,
      long startNanos,
      HandoffConsent consent,
      Observer observer) {
    this.lane = lane;
    this.channel = channel;
    this.method = method;
    this.message = message;
    this.rate = rate;
    this.startNanos = startNanos;
    this.consent = consent;
    this.observer = observer;
    this.backoff = new Backoff(lane.random());
  }

  /** What a stream tells the load that it belongs to. */
  interface Observer {

    /** A server has answered, to a message on the stream or to the stream itself. */
    void opened(boolean toTheStreamItself);

    /** Whether a server has answered to a stream without a message on it. */
    boolean answersStreamsThemselves();

    /** A call ended with a status that is an error of the service. */
    void failed(Status status);

    /** The stream is over and its account settled. */
    void done();
  }

  /** Begins at its time in the ramp, counted from this time of the lane's clock. */
  void begin(long loadStartNanos) {
    lane.wheel().schedule(this, loadStartNanos + startNanos);
  }

  /**
   * Sends nothing new; sends again what was given back, waits for the last count, and is done. A
   * call that no message is on yet gets a little time to be answered, so that a refusal is counted
   * here as it is by the server.
   */
  void finish() {
    finishing = true;
    if (schedule != null) {
      long due = schedule.dueBefore(lane.clock().nanos() - Meter.LATE_NANOS);
      lane.meter().unsent(Math.max(0, due - everSent));
    }
    if (attempt != null) {
      attempt.proceed();
    } else if (next == everSent) {
      abandon();
    }
  }

  /** Is done now, whatever is still open. */
  void abandon() {
    abandoned = true;
    if (attempt != null) {
      attempt.call.cancel("the load is over", null);
    } else if (!done) {
      settleAndBeDone();
    }
  }

  @Override
  protected void due() {
    if (attempt == null) {
      everAsked = true;
      attempt = new Attempt();
      attempt.start();
    } else {
      attempt.due();
    }
  }

  private boolean hasSomethingDue(long nowNanos) {
    if (next < everSent) {
      return true;
    }
    if (finishing) {
      return false;
    }
    return rate.unlimited() || (rate.paced() && schedule.dueNanos(next) <= nowNanos);
  }

  private void countSend(long nowNanos) {
    if (next < everSent) {
      lane.meter().resent();
    } else {
      everSent++;
      if (rate.paced()) {
        lane.meter()
            .sent(
                schedule.latenessNanos(next, nowNanos),
                schedule.uncorrectedLatenessNanos(next, lastSendNanos, nowNanos));
      } else {
        lane.meter().sent();
      }
    }
    lastSendNanos = nowNanos;
    next++;
  }

  private void ended(Status status, Ending ending, Attempt ended) {
    attempt = null;
    lane.wheel().cancel(this);
    givenUp = abandoned && ending.cause().isPresent() && (ended.opened || ended.sent > 0);
    settle(ending.settlement());
    if (abandoned || ending.cause().isEmpty()) {
      settleAndBeDone();
      return;
    }
    Cause cause = ending.cause().get();
    if (cause.kind() == Cause.Kind.HANDOFF) {
      lane.meter().ended(cause);
    } else {
      lane.meter().ended(cause, StatusText.of(status));
    }
    if (finishing && next == everSent) {
      settleAndBeDone();
      return;
    }
    if (ended.opened) {
      gapSinceNanos = lane.clock().nanos();
      gap = cause.kind() == Cause.Kind.HANDOFF ? Timing.HANDOFF_GAP : Timing.RECONNECT_GAP;
    }
    if (cause.kind() == Cause.Kind.CONNECT) {
      // The wait is this stream's own; the channel's would come on top of it.
      ended.over.resetConnectBackoff();
    }
    boolean elsewhere = cause.kind() == Cause.Kind.HANDOFF && cause.detail().equals(REBALANCE);
    if (elsewhere || asksForAnotherPod(cause, ending)) {
      channel.leave(ended.over);
    }
    lane.wheel().schedule(this, lane.clock().nanos() + waitNanos(cause, ending));
  }

  /** A balancer of connections would lead the same connection to the same pod again. */
  private static boolean asksForAnotherPod(Cause cause, Ending ending) {
    return cause.equals(Cause.REFUSED) && ending.pushback().filter(Duration::isZero).isPresent();
  }

  /** At once after a handoff, unless it names no reason and nothing was processed before it. */
  private long waitNanos(Cause cause, Ending ending) {
    boolean atOnce =
        cause.kind() == Cause.Kind.HANDOFF
            && (!cause.detail().equals(Ending.UNNAMED) || ending.settlement().processed() > 0);
    if (atOnce) {
      return backoff.handoffNanos();
    }
    return cause.equals(Cause.REFUSED)
        ? backoff.refusalNanos(ending.pushback())
        : backoff.failureNanos(ending.pushback());
  }

  private void settle(Settlement settlement) {
    next -= settlement.returned();
    lane.meter().processed(settlement.processed());
    lane.meter().lost(settlement.lost());
    lane.meter().doubled(settlement.doubled());
    if (givenUp) {
      next -= settlement.unknown();
    } else {
      lane.meter().unknown(settlement.unknown());
    }
  }

  private void settleAndBeDone() {
    lane.wheel().cancel(this);
    if (givenUp || next < everSent) {
      lane.meter().unsettled(everSent - next);
    }
    if (everAsked && !everOpened) {
      lane.meter().neverOpened();
    }
    done = true;
    observer.done();
  }

  /** One call, from asking for it to its end. */
  private final class Attempt extends ClientCall.Listener<TextResponse> {

    private final ManagedChannel over = channel.current();
    private final ClientCall<Message, TextResponse> call =
        over.newCall(method, CallOptions.DEFAULT);
    private final boolean acknowledged = !method.getType().serverSendsOneMessage();
    private final LongQueue unacknowledged = acknowledged ? new LongQueue() : null;
    private final LongQueue wanted = acknowledged ? new LongQueue() : null;
    private final long askedNanos = lane.clock().nanos();
    private String pod;
    private boolean opened;
    private boolean headerOverdue;
    private boolean halfClosed;
    private boolean resuming;
    private long sent;
    private long count;

    void start() {
      call.start(this, headers());
      call.request(Integer.MAX_VALUE);
      lane.wheel().schedule(LoadStream.this, askedNanos + HEADER_WAIT_NANOS);
    }

    private Metadata headers() {
      Metadata headers = new Metadata();
      if (consent == HandoffConsent.ACCEPT) {
        headers.put(Ending.HANDOFF, Ending.ACCEPT);
        if (backoff.refusals() > 0) {
          headers.put(Ending.ATTEMPT, Integer.toString(backoff.refusals()));
        }
      }
      return headers;
    }

    void due() {
      headerOverdue |= !opened && !observer.answersStreamsThemselves();
      if (headerOverdue && finishing && sent == 0 && next == everSent) {
        abandon();
      } else {
        proceed();
      }
    }

    boolean maySend() {
      return opened || headerOverdue;
    }

    @Override
    public void onHeaders(Metadata headers) {
      opened = true;
      everOpened = true;
      String named = headers.get(POD);
      pod =
          named != null
              ? named
              : String.valueOf(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
      long now = lane.clock().nanos();
      lane.meter().record(Timing.OPEN, now - askedNanos);
      if (gapSinceNanos != NO_TIME) {
        lane.meter().record(gap, now - gapSinceNanos);
        gapSinceNanos = NO_TIME;
      }
      lane.meter().opened(pod);
      backoff.reset();
      observer.opened(sent == 0);
      lane.wheel().cancel(LoadStream.this);
      proceed();
    }

    @Override
    public void onReady() {
      // Not at once: gRPC calls from within its own writing, which would then never end.
      if (!resuming) {
        resuming = true;
        lane.loop().execute(this::resume);
      }
    }

    private void resume() {
      resuming = false;
      if (attempt == this) {
        proceed();
      }
    }

    /** Sends all that is due, or as much of it as flow control takes. */
    void proceed() {
      if (!maySend() || halfClosed) {
        return;
      }
      long now = lane.clock().nanos();
      if (schedule == null && rate.paced()) {
        long interval = (long) (1e9 / rate.perSecond());
        schedule = new Schedule(now + lane.random().nextLong(interval + 1), rate.perSecond());
      }
      while (hasSomethingDue(now)) {
        if (!call.isReady()) {
          return;
        }
        send(now);
        now = lane.clock().nanos();
      }
      if (finishing) {
        halfClosed = true;
        call.halfClose();
      } else if (rate.paced()) {
        lane.wheel().schedule(LoadStream.this, schedule.dueNanos(next));
      }
    }

    private void send(long nowNanos) {
      call.sendMessage(message.numbered(next));
      sent++;
      if (acknowledged) {
        unacknowledged.add(nowNanos);
        wanted.add(rate.paced() ? schedule.dueNanos(next) : nowNanos);
      }
      countSend(nowNanos);
    }

    @Override
    public void onMessage(TextResponse response) {
      count = response.getMessageCount();
      if (acknowledged && !unacknowledged.isEmpty()) {
        long now = lane.clock().nanos();
        lane.meter().record(Timing.ACKNOWLEDGE, now - unacknowledged.remove());
        lane.meter().record(Timing.RESPONSE_TIME, now - wanted.remove());
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      if (opened) {
        lane.meter().closed(pod);
      }
      Ending ending = Ending.of(status, trailers, opened, halfClosed, sent, count);
      ended(status, ending, this);
      if (!abandoned && ending.cause().filter(c -> c.kind() == Cause.Kind.FAILURE).isPresent()) {
        observer.failed(status);
      }
    }
  }
}
