package io.vachub.loadtest.stream;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.vachub.loadtest.call.CallPlan;
import io.vachub.loadtest.call.Message;
import io.vachub.loadtest.call.Messages;
import io.vachub.loadtest.connection.StatusText;
import io.vachub.loadtest.load.Rate;
import io.vachub.loadtest.measure.Cause;
import io.vachub.loadtest.measure.Meter;
import io.vachub.loadtest.measure.PodMeter;
import io.vachub.loadtest.measure.Timing;
import io.vachub.loadtest.pace.Backoff;
import io.vachub.loadtest.pace.Schedule;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A user of an RPC that takes one message: each message is a call of its own. Calls with one answer
 * begin at their times, however many are still open; of calls with many answers one is open at a
 * time, as long as the server wishes. A call that fails is not tried again; the next message is.
 */
final class RequestStream extends LoadedStream {

  /** Calls of one user that may be open at once; more would only fill the memory. */
  private static final int MOST_OPEN = 1_000;

  private final Lane lane;
  private final ClientChannel channel;
  private final CallPlan plan;
  private final Messages messages;
  private final Rate rate;
  private final Observer observer;
  private final Backoff backoff;
  private final boolean oneAnswer;
  private final Set<Call> open = new HashSet<>();
  private Schedule schedule;
  private long next;
  private long lastSendNanos = Long.MIN_VALUE / 2;
  private String pod;
  private PodMeter podMeter;
  private boolean begun;
  private boolean resting;
  private boolean resuming;
  private boolean everOpened;
  private boolean finishing;
  private boolean abandoned;
  private boolean done;

  RequestStream(
      Lane lane,
      ClientChannel channel,
      CallPlan plan,
      Messages messages,
      Rate rate,
      Observer observer) {
    this.lane = lane;
    this.channel = channel;
    this.plan = plan;
    this.messages = messages;
    this.rate = rate;
    this.observer = observer;
    this.backoff = new Backoff(lane.random());
    this.oneAnswer = plan.method().getType().serverSendsOneMessage();
  }

  @Override
  void begin() {
    due();
  }

  @Override
  protected void due() {
    if (finishing || (!rate.paced() && !rate.unlimited())) {
      return;
    }
    resting = false;
    long now = lane.clock().nanos();
    if (!begun) {
      begun = true;
      if (rate.paced()) {
        long interval = (long) (1e9 / rate.perSecond());
        schedule = new Schedule(now + lane.random().nextLong(interval + 1), rate.perSecond());
      }
    }
    proceed();
  }

  private int mostOpen() {
    return oneAnswer && rate.paced() ? MOST_OPEN : 1;
  }

  /** A call may fail before its start returns. */
  private boolean mayCall() {
    return !resting && open.size() < mostOpen();
  }

  private void proceed() {
    long now = lane.clock().nanos();
    while (mayCall() && (schedule == null || schedule.dueNanos(next) <= now)) {
      call(now);
    }
    if (mayCall()) {
      lane.wheel().schedule(this, schedule.dueNanos(next));
    }
  }

  private void call(long now) {
    long due = now;
    if (schedule != null) {
      due = schedule.dueNanos(next);
      lane.meter()
          .sent(
              schedule.latenessNanos(next, now),
              schedule.uncorrectedLatenessNanos(next, lastSendNanos, now));
    } else {
      lane.meter().sent();
    }
    lastSendNanos = now;
    Call call = new Call(due, now);
    open.add(call);
    call.start();
    next++;
  }

  @Override
  void finish() {
    if (finishing) {
      return;
    }
    finishing = true;
    lane.wheel().cancel(this);
    if (oneAnswer && schedule != null) {
      long due = schedule.dueBefore(lane.clock().nanos() - Meter.UNSENT_NANOS);
      lane.meter().unsent(Math.max(0, due - next));
    }
    if (!oneAnswer) {
      open.stream().filter(call -> call.answered).toList().forEach(Call::cancel);
    }
    beDoneIfSettled();
  }

  @Override
  void abandon() {
    finishing = true;
    abandoned = true;
    Set.copyOf(open).forEach(Call::cancel);
    beDoneIfSettled();
  }

  private void beDoneIfSettled() {
    if (done || !finishing || !open.isEmpty()) {
      return;
    }
    done = true;
    serveBy(null);
    if (begun && !everOpened) {
      lane.meter().neverOpened();
    }
    observer.done();
  }

  private void serveBy(String named) {
    if (named != null && named.equals(pod)) {
      return;
    }
    if (pod != null) {
      podMeter.left();
    }
    pod = named;
    if (pod != null) {
      podMeter = lane.meter().joined(pod);
    }
  }

  private void opened() {
    if (!oneAnswer || !everOpened) {
      lane.meter().opened();
    }
    everOpened = true;
    backoff.reset();
    observer.opened();
  }

  private void ended(Call call, Status status, Metadata trailers) {
    open.remove(call);
    String handoff = trailers.get(Ending.HANDOFF);
    boolean cancelledWhenAnswered = call.cancelled && call.answered;
    if (status.isOk() || handoff != null || cancelledWhenAnswered) {
      if (handoff != null) {
        lane.meter().ended(Cause.handoff(handoff));
        if (call.headers) {
          podMeter.ended(Cause.handoff(handoff));
        }
      }
      if (status.isOk() && !everOpened) {
        opened();
      }
      lane.meter().processed(1);
    } else if (call.cancelled) {
      lane.meter().unsettled(1);
    } else {
      fail(call, status);
    }
    if (finishing) {
      beDoneIfSettled();
      return;
    }
    boolean failed = !status.isOk() && handoff == null;
    boolean waits = failed && mostOpen() == 1;
    if (waits) {
      resting = true;
      lane.wheel().schedule(this, lane.clock().nanos() + backoff.failureNanos(Optional.empty()));
    } else if (!resuming) {
      // Not at once: a call that fails at once would call from within itself for ever.
      resuming = true;
      lane.loop().execute(this::resume);
    }
  }

  private void resume() {
    resuming = false;
    due();
  }

  private void fail(Call call, Status status) {
    Cause cause =
        switch (status.getCode()) {
          case RESOURCE_EXHAUSTED ->
              call.answered ? Cause.cut("RESOURCE_EXHAUSTED") : Cause.REFUSED;
          case UNAVAILABLE -> call.headers ? Cause.RESET : Cause.CONNECT;
          default ->
              call.answered
                  ? Cause.cut(status.getCode().name())
                  : Cause.failure(status.getCode().name());
        };
    if (call.answered) {
      lane.meter().processed(1);
    } else {
      lane.meter().unknown(1);
    }
    lane.meter().ended(cause, StatusText.of(status));
    if (call.headers) {
      podMeter.ended(cause);
    }
    if (!cause.equals(Cause.REFUSED)) {
      observer.failed(status);
    }
    if (cause.equals(Cause.CONNECT)) {
      call.over.resetConnectBackoff();
    }
  }

  /** One call with one message. */
  private final class Call extends ClientCall.Listener<Long> {

    private final ManagedChannel over = channel.current();
    private final ClientCall<Message, Long> call = over.newCall(plan.method(), CallOptions.DEFAULT);
    private final long dueNanos;
    private final long sentNanos;
    private boolean headers;
    private boolean answered;
    private boolean cancelled;

    Call(long dueNanos, long sentNanos) {
      this.dueNanos = dueNanos;
      this.sentNanos = sentNanos;
    }

    void start() {
      Metadata own = new Metadata();
      own.merge(plan.headers());
      call.start(this, own);
      call.request(Integer.MAX_VALUE);
      call.sendMessage(messages.numbered(next).frozen());
      call.halfClose();
    }

    void cancel() {
      cancelled = true;
      call.cancel("the load is over", null);
    }

    @Override
    public void onHeaders(Metadata received) {
      headers = true;
      String named = received.get(LoadStream.POD);
      serveBy(
          named != null
              ? named
              : String.valueOf(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)));
      podMeter.sent();
      opened();
    }

    @Override
    public void onMessage(Long answer) {
      if (!answered) {
        answered = true;
        long now = lane.clock().nanos();
        lane.meter().record(Timing.ACKNOWLEDGE, now - sentNanos);
        lane.meter().record(Timing.RESPONSE_TIME, now - dueNanos);
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      ended(this, status, trailers);
    }
  }
}
