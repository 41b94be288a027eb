package io.vachub.loadtest.stream;

import io.grpc.Status;
import io.netty.channel.EventLoop;
import io.vachub.loadtest.call.CallPlan;
import io.vachub.loadtest.call.Messages;
import io.vachub.loadtest.connection.Dialer;
import io.vachub.loadtest.connection.EventLoops;
import io.vachub.loadtest.load.Load;
import io.vachub.loadtest.measure.Meter;
import io.vachub.loadtest.pace.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

/** All streams of a load: started on the loops in turn, finished together. */
public final class LoadRun {

  /** Statuses that mean that the server will never serve such a stream. */
  private static final Set<Status.Code> HOPELESS =
      Set.of(
          Status.Code.UNIMPLEMENTED,
          Status.Code.UNAUTHENTICATED,
          Status.Code.PERMISSION_DENIED,
          Status.Code.NOT_FOUND,
          Status.Code.INVALID_ARGUMENT);

  private final Clock clock = new Clock();
  private final List<Lane> lanes = new ArrayList<>();
  private final List<LoopWatch> watches = new ArrayList<>();
  private final List<List<Seat>> seats = new ArrayList<>();
  private final List<Seat> numbered = new ArrayList<>();
  private final List<List<ClientChannel>> channels = new ArrayList<>();
  private final Load load;
  private final CountDownLatch remaining;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final AtomicReference<Status> hopeless = new AtomicReference<>();
  private volatile boolean anyOpened;

  /** Prepares a load; nothing is connected yet. */
  public LoadRun(Load load, CallPlan plan, Dialer dialer, EventLoops loops) {
    this.load = load;
    this.remaining = new CountDownLatch(load.streams());
    for (EventLoop loop : loops.loops()) {
      lanes.add(Lane.on(loop, clock));
      watches.add(new LoopWatch(lanes.get(lanes.size() - 1)));
      seats.add(new ArrayList<>());
      channels.add(new ArrayList<>());
    }
    List<ClientChannel> all = new ArrayList<>();
    for (int i = 0; i < load.totalChannels(); i++) {
      int lane = i % lanes.size();
      ClientChannel channel = new ClientChannel(dialer, lanes.get(lane).loop());
      channels.get(lane).add(channel);
      all.add(channel);
    }
    EarlyHeaders earlyHeaders = new EarlyHeaders();
    StreamObserver observer = new StreamObserver();
    for (int i = 0; i < load.streams(); i++) {
      int stream = i;
      int channel = load.channelOf(i);
      Lane lane = lanes.get(channel % lanes.size());
      Seat seat =
          new Seat(
              lane,
              load.course().lifetime(),
              occupant -> {
                Messages messages =
                    plan.messages()
                        .forStream(stream, channel % load.channels(), load.clientIdOf(channel));
                return load.rpc().callsEachMessage()
                    ? new RequestStream(
                        lane, all.get(channel), plan, messages, load.rate(), occupant)
                    : new LoadStream(
                        lane,
                        all.get(channel),
                        plan,
                        load.rpc().counted(),
                        messages,
                        load.rate(),
                        load.consent(),
                        earlyHeaders,
                        occupant);
              },
              observer);
      seats.get(channel % lanes.size()).add(seat);
      numbered.add(seat);
    }
  }

  /** Nanoseconds since the start of the load. */
  public Clock clock() {
    return clock;
  }

  /** The meters of all loops. */
  public Collection<Meter> meters() {
    return lanes.stream().map(Lane::meter).toList();
  }

  /** Starts the streams, each at its time in the ramp; or as many as a curve begins with. */
  public void start() {
    long start = clock.nanos();
    onEachLane(lane -> watches.get(lane).start());
    if (load.course().curve().isPresent()) {
      follow(0);
      return;
    }
    for (int i = 0; i < numbered.size(); i++) {
      Seat seat = numbered.get(i);
      long at = start + load.ramp().startOf(i).toNanos();
      laneOf(i).loop().execute(() -> seat.takeAt(at));
    }
  }

  /** Opens and ends streams as the load's curve, if it has one, has it at this second. */
  public void follow(int second) {
    load.course()
        .curve()
        .ifPresent(
            curve -> {
              int wanted = curve.streamsAt(second);
              for (int i = 0; i < numbered.size(); i++) {
                Seat seat = numbered.get(i);
                boolean taken = i < wanted;
                laneOf(i).loop().execute(() -> seat.take(taken));
              }
            });
  }

  private Lane laneOf(int stream) {
    return lanes.get(load.channelOf(stream) % lanes.size());
  }

  /** Makes {@link #awaitStop} return, so that the load ends now. */
  public void stop() {
    stopped.countDown();
  }

  /** Waits until somebody calls {@link #stop()}; false if nobody did within this time. */
  public boolean awaitStop(long nanos) throws InterruptedException {
    return stopped.await(nanos, TimeUnit.NANOSECONDS);
  }

  /** Lets every stream settle its account. */
  public void finish() {
    onEachLane(
        lane -> {
          watches.get(lane).stop();
          seats.get(lane).forEach(Seat::finish);
        });
  }

  /** Waits until every stream is done; false if some are not within this time. */
  public boolean awaitDone(Duration timeout) throws InterruptedException {
    return remaining.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Ends what is still open and closes the connections. */
  public void close() {
    onEachLane(lane -> seats.get(lane).forEach(Seat::abandon));
    try {
      remaining.await(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    onEachLane(lane -> channels.get(lane).forEach(ClientChannel::close));
  }

  /** Why the server will serve none of the streams, or empty where it serves them. */
  public Optional<Status> hopeless() {
    return Optional.ofNullable(hopeless.get());
  }

  private void onEachLane(IntConsumer action) {
    for (int i = 0; i < lanes.size(); i++) {
      int lane = i;
      lanes.get(lane).loop().execute(() -> action.accept(lane));
    }
  }

  private final class StreamObserver implements LoadedStream.Observer {

    @Override
    public void opened() {
      if (!anyOpened) {
        anyOpened = true;
      }
    }

    @Override
    public void failed(Status status) {
      if (!anyOpened && HOPELESS.contains(status.getCode())) {
        hopeless.compareAndSet(null, status);
        stop();
      }
    }

    @Override
    public void done() {
      remaining.countDown();
    }
  }
}
