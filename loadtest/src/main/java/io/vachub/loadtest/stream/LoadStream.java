package io.vachub.loadtest.stream;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.vachub.loadtest.account.Settlement;
import io.vachub.loadtest.call.CallPlan;
import io.vachub.loadtest.call.Message;
import io.vachub.loadtest.call.Messages;
import io.vachub.loadtest.connection.StatusText;
import io.vachub.loadtest.load.HandoffConsent;
import io.vachub.loadtest.load.Rate;
import io.vachub.loadtest.measure.Cause;
import io.vachub.loadtest.measure.Meter;
import io.vachub.loadtest.measure.PodMeter;
import io.vachub.loadtest.measure.Timing;
import io.vachub.loadtest.pace.Backoff;
import io.vachub.loadtest.pace.Schedule;
import java.time.Duration;

/**
 * One stream as its user sees it: a row of numbered messages that goes on from call to call,
 * wherever servers hand it off to. Runs on its lane's event loop only.
 */
final class LoadStream extends LoadedStream {

  /** The header that names the pod which serves a call. */
  static final Metadata.Key<String> POD =
      Metadata.Key.of("vachub-pod", Metadata.ASCII_STRING_MARSHALLER);

  /** Asks the client to continue on a new connection. */
  private static final String REBALANCE = "rebalance";

  /** How long a stream without a server may still wait for one when the load is over. */
  private static final long LAST_WAIT_NANOS = Duration.ofSeconds(1).toNanos();

  /** Messages of a stream that may wait in gRPC: enough for a write, more only fill the memory. */
  private static final int MOST_WAITING = 100;

  /** As many bytes as gRPC lets wait by default, which for short messages is far too many. */
  private static final int MOST_WAITING_BYTES = 32 << 10;

  private static final int PREFIX_BYTES = 5;

  private static final long NO_TIME = Long.MIN_VALUE / 2;

  private final Lane lane;
  private final ClientChannel channel;
  private final CallPlan plan;
  private final boolean counted;
  private final Messages messages;
  private final CallOptions options;
  private final Rate rate;
  private final HandoffConsent consent;
  private final EarlyHeaders earlyHeaders;
  private final Observer observer;
  private final Backoff backoff;

  private Schedule schedule;
  private boolean scheduled;
  private long begunNanos;
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
      CallPlan plan,
      boolean counted,
      Messages messages,
      Rate rate,
      HandoffConsent consent,
      EarlyHeaders earlyHeaders,
      Observer observer) {
    this.lane = lane;
    this.channel = channel;
    this.plan = plan;
    this.counted = counted;
    this.messages = messages;
    this.options =
        CallOptions.DEFAULT.withOnReadyThreshold(
            Math.min(MOST_WAITING_BYTES, MOST_WAITING * (PREFIX_BYTES + messages.longest())));
    this.rate = rate;
    this.consent = consent;
    this.earlyHeaders = earlyHeaders;
    this.observer = observer;
    this.backoff = new Backoff(lane.random());
  }

  @Override
  void begin() {
    begunNanos = lane.clock().nanos();
    schedule(begunNanos + Meter.UNSENT_NANOS);
    due();
  }

  /** Message 0 leaves within one interval after this time. */
  private void schedule(long startNanos) {
    if (rate.paced()) {
      long interval = (long) (1e9 / rate.perSecond());
      schedule = new Schedule(startNanos + lane.random().nextLong(interval + 1), rate.perSecond());
    }
  }

  /**
   * Sends nothing new; sends again what was given back, waits for the last count, and is done. A
   * call that no message is on yet gets a little time to be answered, so that a refusal is counted
   * here as it is by the server.
   */
  @Override
  void finish() {
    if (finishing) {
      return;
    }
    finishing = true;
    if (rate.paced()) {
      long due = schedule.dueBefore(lane.clock().nanos() - Meter.UNSENT_NANOS);
      lane.meter().unsent(Math.max(0, due - everSent));
    }
    if (attempt != null) {
      attempt.finish();
    } else if (next == everSent) {
      abandon();
    }
  }

  @Override
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
    if (ended.pod != null) {
      ended.pod.ended(cause);
    }
    if (cause.kind() == Cause.Kind.HANDOFF) {
      lane.meter().ended(cause);
    } else {
      lane.meter().ended(cause, StatusText.of(status));
    }
    if (finishing && next == everSent) {
      settleAndBeDone();
      return;
    }
    if (ended.pod != null) {
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

  /**
   * A balancer of connections would lead the same connection to the same pod again. A channel that
   * goes round the pods leads to the next, and a new one to whichever it connects to first.
   */
  private boolean asksForAnotherPod(Cause cause, Ending ending) {
    return !channel.isRoundRobin()
        && cause.equals(Cause.REFUSED)
        && ending.pushback().filter(Backoff::isSoft).isPresent();
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
  private final class Attempt extends ClientCall.Listener<Long> {

    private final ManagedChannel over = channel.current();
    private final ClientCall<Message, Long> call = over.newCall(plan.method(), options);
    private final boolean acknowledged = !plan.method().getType().serverSendsOneMessage();
    private final LongQueue unacknowledged = acknowledged ? new LongQueue() : null;
    private final LongQueue wanted = acknowledged ? new LongQueue() : null;
    private final long askedNanos = lane.clock().nanos();
    private PodMeter pod;
    private boolean opened;
    private boolean onTheWire;
    private long onTheWireNanos;
    private boolean headerOverdue;
    private boolean halfClosed;
    private boolean resuming;
    private long sent;
    private long count;

    void start() {
      call.start(this, headers());
      call.request(Integer.MAX_VALUE);
    }

    private Metadata headers() {
      Metadata headers = new Metadata();
      headers.merge(plan.headers());
      if (consent == HandoffConsent.ACCEPT) {
        headers.put(Ending.HANDOFF, Ending.ACCEPT);
        if (backoff.refusals() > 0) {
          headers.put(Ending.ATTEMPT, Integer.toString(backoff.refusals()));
        }
      }
      return headers;
    }

    void due() {
      if (!onTheWire && !opened) {
        // The load is over, and there is still no server.
        abandon();
        return;
      }
      if (!opened && !headerOverdue && earlyHeaders.patienceNanos() < Long.MAX_VALUE) {
        headerOverdue = true;
        earlyHeaders.missed();
      }
      proceed();
    }

    void finish() {
      if (opened || next < everSent || maySend() || onTheWire) {
        proceed();
      } else {
        lane.wheel().schedule(LoadStream.this, lane.clock().nanos() + LAST_WAIT_NANOS);
      }
    }

    /** Nothing leaves before the header of a service that answers streams at once. */
    private boolean maySend() {
      if (opened || headerOverdue) {
        return true;
      }
      if (!onTheWire && call.isReady()) {
        onTheWire = true;
        onTheWireNanos = lane.clock().nanos();
        long patience = earlyHeaders.patienceNanos();
        headerOverdue = patience == 0;
        if (!headerOverdue && patience < Long.MAX_VALUE) {
          lane.wheel().schedule(LoadStream.this, lane.clock().nanos() + patience);
        }
      }
      return headerOverdue;
    }

    @Override
    public void onHeaders(Metadata headers) {
      opened = true;
      everOpened = true;
      if (sent == 0 && !halfClosed) {
        lane.meter().record(Timing.OPEN, lane.clock().nanos() - askedNanos);
        earlyHeaders.seen();
      }
      serve(headers.get(POD));
      lane.meter().opened();
      backoff.reset();
      observer.opened();
      lane.wheel().cancel(LoadStream.this);
      proceed();
    }

    /** Is served by the pod of this name, or else by whoever is at the other end. */
    private void serve(String named) {
      if (pod == null && gapSinceNanos != NO_TIME) {
        lane.meter().record(gap, lane.clock().nanos() - gapSinceNanos);
        gapSinceNanos = NO_TIME;
      }
      if (named != null || pod == null) {
        leave();
        pod =
            lane.meter()
                .joined(
                    named != null
                        ? named
                        : String.valueOf(
                            call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)));
      }
    }

    private void leave() {
      if (pod != null) {
        pod.left();
      }
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
      if (halfClosed) {
        return;
      }
      boolean nothingToSend = finishing && next == everSent;
      if (!maySend() && !(nothingToSend && onTheWire)) {
        return;
      }
      long now = lane.clock().nanos();
      if (!scheduled) {
        scheduled = true;
        // The wait for a header that does not come is the load tester's own.
        long own = opened ? 0 : now - onTheWireNanos;
        schedule(Math.min(now, begunNanos + Meter.UNSENT_NANOS + own));
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
      if (pod == null) {
        serve(null);
      }
      call.sendMessage(messages.numbered(next));
      sent++;
      pod.sent();
      if (acknowledged) {
        unacknowledged.add(nowNanos);
        wanted.add(rate.paced() ? schedule.dueNanos(next) : nowNanos);
      }
      countSend(nowNanos);
    }

    @Override
    public void onMessage(Long answer) {
      count = counted ? answer : count + 1;
      if (acknowledged && !unacknowledged.isEmpty()) {
        long now = lane.clock().nanos();
        lane.meter().record(Timing.ACKNOWLEDGE, now - unacknowledged.remove());
        lane.meter().record(Timing.RESPONSE_TIME, now - wanted.remove());
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      leave();
      Ending ending = Ending.of(status, trailers, opened, halfClosed, sent, count, counted);
      if (counted || Ending.hasCount(trailers)) {
        lane.meter().counted();
      }
      ended(status, ending, this);
      if (!abandoned && ending.cause().filter(c -> c.kind() == Cause.Kind.FAILURE).isPresent()) {
        observer.failed(status);
      }
    }
  }
}
