package io.vachub.loadtest.simulation;

import io.vachub.loadtest.autoscale.Hpa;
import io.vachub.loadtest.fleet.Balancer;
import io.vachub.loadtest.fleet.Connections;
import io.vachub.loadtest.fleet.Ending;
import io.vachub.loadtest.fleet.Pods;
import io.vachub.loadtest.fleet.Streams;
import io.vachub.loadtest.load.Load;
import io.vachub.loadtest.road.Scrapes;
import io.vachub.loadtest.simulation.Settings.Drain;
import io.vachub.loadtest.simulation.Settings.Rebalance;
import io.vachub.loadtest.simulation.Settings.Service;
import io.vachub.loadtest.stream.Backoff;
import io.vachub.policy.HandoffSchedule;
import io.vachub.policy.HandoffSchedule.ConnectionAge;
import io.vachub.policy.HandoffSchedule.Due;
import io.vachub.policy.RebalancePlan;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import java.util.random.RandomGenerator;

/**
 * Plays a load on a fleet through, event by event. Everything happens in whole milliseconds, in an
 * order that the settings and their seed alone decide.
 */
public final class Simulation {

  private static final int HPA_PERIOD_SECONDS = 15;
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** What a full pod asks a client to wait, from and to. */
  private static final int MIN_PUSHBACK_MILLIS = 1_000;

  private static final int MAX_PUSHBACK_MILLIS = 3_000;

  /** A turn of the wheels: an hour and ten minutes at the most. */
  private static final int LONGEST_TURN_MILLIS = 1 << 22;

  private static final int NEVER = Integer.MAX_VALUE;

  /** What is due on a pod, each at a time of its own. */
  private enum PodEvent {
    LIFE,
    ROUTE,
    REBALANCE,
    SCRAPE;

    static final PodEvent[] ALL = values();

    int of(int pod) {
      return pod * ALL.length + ordinal();
    }
  }

  private final Settings settings;
  private final Service service;
  private final Load load;
  private final RandomGenerator random;
  private final HandoffSchedule schedule;
  private final int endMillis;

  private final Pods pods = new Pods();
  private final Connections connections = new Connections();
  private final Streams streams;
  private final Balancer balancer;
  private final Peers peers;
  private final Recorder recorder;
  private final Optional<Autoscaler> autoscaler;

  private final EventWheel streamEvents;
  private final EventWheel podEvents;

  /** Of each client's channel: its connection, that connection's zone, and how often it changed. */
  private final int[] channelConnection;

  private final int[] channelZone;
  private final byte[] channelGeneration;
  private final int[] podsByZone;

  private int begun;
  private int now;
  private long events;

  /** A simulation that has not begun. */
  public Simulation(Settings settings) {
    this.settings = settings;
    this.service = settings.service();
    this.load = settings.load();
    this.random = new SplittableRandom(settings.seed());
    this.schedule = schedule(service);
    this.endMillis = Math.toIntExact(load.duration().toMillis());
    int turn = Math.min(LONGEST_TURN_MILLIS, endMillis);
    this.streams = new Streams(load.streams());
    this.streamEvents = new EventWheel(load.streams(), turn);
    this.podEvents = new EventWheel(PodEvent.ALL.length, turn);
    int zones = settings.routing().zones().length;
    this.balancer =
        new Balancer(
            settings.routing().choice(), pods, zones, settings.routing().zoneTraffic(), random);
    this.peers = new Peers(pods, random);
    this.recorder = new Recorder(settings, pods);
    this.podsByZone = new int[zones];
    this.channelConnection = new int[load.totalChannels()];
    this.channelZone = new int[load.totalChannels()];
    this.channelGeneration = new byte[load.totalChannels()];
    Arrays.fill(channelConnection, Connections.NONE);
    Arrays.fill(channelZone, Balancer.NONE);
    this.autoscaler =
        settings
            .fleet()
            .autoscaler()
            .map(hpa -> new Autoscaler(new Hpa(hpa), pods, settings.road().kind()));
  }

  private static HandoffSchedule schedule(Service service) {
    Optional<ConnectionAge> connectionAge =
        service.maxConnectionAge().isZero()
            ? Optional.empty()
            : Optional.of(
                new ConnectionAge(
                    service.maxConnectionAge(), service.connectionAgeGrace(), service.margin()));
    return service.handoff()
        ? new HandoffSchedule(
            Optional.of(service.maxStreamAge()).filter(age -> !age.isZero()), connectionAge)
        : new HandoffSchedule(Optional.empty(), Optional.empty());
  }

  /** Plays it through. {@code progress} is told each simulated second. */
  public Result run(IntConsumer progress) {
    for (int i = 0; i < settings.fleet().atStart(); i++) {
      becomeReady(make());
    }
    autoscaler.ifPresent(scaler -> scaler.startWith(settings.fleet().atStart()));
    while (now < endMillis) {
      if (now % 1000 == 0) {
        beginSecond(now / 1000);
        progress.accept(now / 1000);
      }
      for (int item = podEvents.poll(); item >= 0; item = podEvents.poll()) {
        events++;
        onPod(item / PodEvent.ALL.length, PodEvent.ALL[item % PodEvent.ALL.length]);
      }
      for (int lane = streamEvents.poll(); lane >= 0; lane = streamEvents.poll()) {
        events++;
        onStream(lane);
      }
      now++;
      podEvents.advanceTo(now);
      streamEvents.advanceTo(now);
      if (now % 1000 == 0) {
        recorder.second(now / 1000, desired());
      }
    }
    return recorder.result(now, events);
  }

  private int desired() {
    return autoscaler.map(Autoscaler::desired).orElseGet(peers::count);
  }

  private void beginSecond(int second) {
    for (Duration join : settings.fleet().joins()) {
      if (join.toSeconds() == second) {
        becomeReady(make());
        recorder.joined(second);
      }
    }
    int planned = settings.curve().streamsAt(second);
    recorder.planned(second, planned);
    for (; begun < planned; begun++) {
      beginStream(begun);
    }
    while (begun > planned) {
      begun--;
      retire(begun);
    }
    if (second > 0 && second % HPA_PERIOD_SECONDS == 0) {
      autoscaler.ifPresent(this::scale);
    }
  }

  // The pods

  private void scale(Autoscaler scaler) {
    int change = scaler.decide(now);
    for (; change > 0; change--) {
      int pod = make();
      long start = (long) (settings.fleet().podStart().toMillis() * random.nextDouble(0.8, 1.2));
      long waits = settings.fleet().nodeWait().toMillis();
      podEvents.schedule(PodEvent.LIFE.of(pod), now + waits);
      // Until then this is when it is to be ready.
      podEvents.schedule(PodEvent.ROUTE.of(pod), now + waits + start);
    }
    for (; change < 0; change++) {
      shutDown(Victims.choose(pods, now, random));
    }
  }

  private int make() {
    int zone = zoneForNewPod();
    RebalancePlan plan =
        service.rebalance().isPresent() && service.handoff()
            ? new RebalancePlan(
                new RebalancePlan.Pace(
                    service.rebalance().get().tolerance(),
                    service.rebalance().get().interval(),
                    service.rebalance().get().window(),
                    1))
            : null;
    int pod = pods.make(zone, service.maxActive(pods.made()), plan);
    podsByZone[zone]++;
    podEvents.grow(PodEvent.ALL.length * (pod + 1));
    return pod;
  }

  /** The zone that is furthest below its share. */
  private int zoneForNewPod() {
    int[] shares = settings.routing().zones();
    int best = 0;
    for (int zone = 1; zone < shares.length; zone++) {
      if ((long) (podsByZone[zone] + 1) * shares[best]
          < (long) (podsByZone[best] + 1) * shares[zone]) {
        best = zone;
      }
    }
    return best;
  }

  private void becomeReady(int pod) {
    pods.enter(Pods.State.READY, pod, now);
    peers.add(pod);
    long delay = now == 0 || settings.fleet().autoscaler().isEmpty() ? 0 : routingDelay();
    podEvents.schedule(PodEvent.ROUTE.of(pod), now + delay);
    if (delay == 0) {
      podEvents.cancel(PodEvent.ROUTE.of(pod));
      balancer.add(pod);
    }
    if (autoscaler.isPresent()) {
      pods.scrapes(
          pod, new Scrapes(settings.road(), now + phase(settings.road().scrapeInterval())));
      podEvents.schedule(PodEvent.SCRAPE.of(pod), pods.scrapes(pod).nextAt());
    }
    if (pods.plan(pod) != null) {
      podEvents.schedule(
          PodEvent.REBALANCE.of(pod), now + phase(service.rebalance().get().interval()));
    }
  }

  private long routingDelay() {
    return settings.routing().delay().toMillis();
  }

  private int phase(Duration interval) {
    return random.nextInt((int) Math.min(LONGEST_TURN_MILLIS, interval.toMillis()));
  }

  private void shutDown(int pod) {
    podsByZone[pods.zone(pod)]--;
    if (pods.state(pod) != Pods.State.READY) {
      podEvents.cancel(PodEvent.LIFE.of(pod));
      podEvents.cancel(PodEvent.ROUTE.of(pod));
      pods.enter(Pods.State.GONE, pod, now);
      return;
    }
    pods.enter(Pods.State.QUIET, pod, now);
    peers.remove(pod);
    podEvents.cancel(PodEvent.REBALANCE.of(pod));
    if (podEvents.dueAt(PodEvent.ROUTE.of(pod)) >= 0) {
      // The balancer never came to know it.
      podEvents.cancel(PodEvent.ROUTE.of(pod));
    } else {
      podEvents.schedule(PodEvent.ROUTE.of(pod), now + routingDelay());
    }
    podEvents.schedule(PodEvent.LIFE.of(pod), now + service.drain().quietPeriod().toMillis());
  }

  private void onPod(int pod, PodEvent event) {
    switch (event) {
      case LIFE -> live(pod);
      case ROUTE -> route(pod);
      case REBALANCE -> rebalance(pod);
      case SCRAPE -> {
        pods.scrapes(pod).take(pods.open(pod));
        podEvents.schedule(PodEvent.SCRAPE.of(pod), pods.scrapes(pod).nextAt());
      }
    }
  }

  private void live(int pod) {
    switch (pods.state(pod)) {
      case PENDING -> pods.enter(Pods.State.STARTING, pod, now);
      case QUIET -> drain(pod);
      case DRAINING -> die(pod);
      default -> throw new IllegalStateException(pods.state(pod).toString());
    }
  }

  private void route(int pod) {
    switch (pods.state(pod)) {
      case PENDING, STARTING -> becomeReady(pod);
      case READY -> balancer.add(pod);
      default -> balancer.remove(pod);
    }
  }

  private void drain(int pod) {
    Drain drain = service.drain();
    int begunAt = pods.since(pod);
    pods.enter(Pods.State.DRAINING, pod, now);
    if (service.handoff()) {
      int left = pods.open(pod);
      long spread = drain.spread().toMillis();
      int i = 0;
      for (int lane = streams.oldest(pod); lane >= 0; lane = streams.younger(lane)) {
        endAt(lane, now + spread * ++i / left, Ending.HANDOFF_DRAIN);
      }
    }
    long force = Math.max(now, begunAt + drain.grace().toMillis());
    podEvents.schedule(PodEvent.LIFE.of(pod), pods.open(pod) == 0 ? now : force);
  }

  private void die(int pod) {
    for (int lane = streams.oldest(pod); lane >= 0; lane = streams.oldest(pod)) {
      streamEvents.cancel(lane);
      streams.ending(lane, Ending.CUT);
      endStream(lane);
    }
    for (PodEvent event : PodEvent.ALL) {
      if (event != PodEvent.ROUTE) {
        podEvents.cancel(event.of(pod));
      }
    }
    pods.enter(Pods.State.GONE, pod, now);
  }

  private void rebalance(int pod) {
    Rebalance rebalance = service.rebalance().get();
    long interval = rebalance.interval().toMillis();
    int own = pods.open(pod);
    long nanos = now * NANOS_PER_MILLI;
    int share = pods.plan(pod).toShed(nanos, own, peers.fleetOf(pod));
    if (share > 0) {
      long old = now - rebalance.minStreamAge().toMillis();
      int candidates = 0;
      int lane = streams.oldest(pod);
      while (candidates < share && lane >= 0 && streams.openedAt(lane) <= old) {
        candidates++;
        lane = streams.younger(lane);
      }
      lane = streams.oldest(pod);
      for (int i = 0; i < candidates; i++) {
        endAt(lane, now + interval * i / candidates, Ending.HANDOFF_REBALANCE);
        lane = streams.younger(lane);
      }
      pods.plan(pod).handedOff(nanos, own, candidates);
    }
    podEvents.schedule(PodEvent.REBALANCE.of(pod), now + interval);
  }

  // The streams

  private void beginStream(int lane) {
    double life = settings.lifetime().nextMillis(random);
    streams.completesAt(lane, life < NEVER - now ? now + Math.max(1, (int) life) : NEVER);
    streams.waits(lane);
    open(lane);
  }

  private void retire(int lane) {
    if (streams.state(lane) == Streams.State.OPEN) {
      close(lane);
    }
    streamEvents.cancel(lane);
    streams.rests(lane);
  }

  private void onStream(int lane) {
    if (streams.state(lane) == Streams.State.WAITING) {
      open(lane);
    } else {
      endStream(lane);
    }
  }

  /** It is to end so at this time, unless it ends before. */
  private void endAt(int lane, long atMillis, Ending how) {
    int due = streamEvents.dueAt(lane);
    if (atMillis < endMillis && (due < 0 || atMillis < due)) {
      streams.ending(lane, how);
      streamEvents.schedule(lane, (int) atMillis);
    }
  }

  private void endStream(int lane) {
    Ending how = streams.ending(lane);
    int channel = load.channelOf(lane);
    byte generation = streams.generation(lane);
    close(lane);
    recorder.ended(how);
    switch (how) {
      case COMPLETED -> beginStream(lane);
      case CUT -> {
        leaveConnection(channel, generation, settings.routing().perStream());
        backOff(lane);
      }
      case HANDOFF_REBALANCE -> {
        leaveConnection(channel, generation, false);
        reopenIn(lane, Backoff.handoffNanos(random));
      }
      default -> reopenIn(lane, Backoff.handoffNanos(random));
    }
  }

  private void close(int lane) {
    int pod = connections.pod(streams.connection(lane));
    streams.closes(lane, pod);
    connections.leave(streams.connection(lane));
    recorder.closed(now);
    if (pods.closed(pod) == 0 && pods.state(pod) == Pods.State.DRAINING) {
      // Within this millisecond the pods have had their turn.
      podEvents.schedule(PodEvent.LIFE.of(pod), now + 1);
    }
  }

  /** The client's next stream goes over another connection, unless that is so already. */
  private void leaveConnection(int channel, byte generation, boolean keepsZone) {
    if (generation == channelGeneration[channel]) {
      channelGeneration[channel]++;
      if (!keepsZone) {
        channelZone[channel] = Balancer.NONE;
      }
      if (channelConnection[channel] != Connections.NONE) {
        connections.leave(channelConnection[channel]);
        channelConnection[channel] = Connections.NONE;
      }
    }
  }

  private void reopenIn(int lane, long nanos) {
    streamEvents.schedule(lane, now + (int) (nanos / NANOS_PER_MILLI));
  }

  private void backOff(int lane) {
    reopenIn(lane, Backoff.failureNanos(random, streams.failed(lane)));
  }

  private void open(int lane) {
    int channel = load.channelOf(lane);
    int connection = settings.routing().perStream() ? ofBalancer(channel) : ofClient(channel);
    if (connection == Connections.NONE) {
      recorder.ended(Ending.UNREACHED);
      backOff(lane);
      return;
    }
    int pod = connections.pod(connection);
    if (pods.isFull(pod)) {
      recorder.ended(Ending.REFUSED);
      long asked = random.nextInt(MIN_PUSHBACK_MILLIS, MAX_PUSHBACK_MILLIS) * NANOS_PER_MILLI;
      reopenIn(lane, Backoff.pushbackNanos(random, asked));
      return;
    }
    connections.use(connection);
    streams.opens(lane, pod, connection, channelGeneration[channel], now);
    recorder.opened(now, pods.opened(pod));
    scheduleEnd(lane, connection);
  }

  private void scheduleEnd(int lane, int connection) {
    long start = connections.start(connection) * NANOS_PER_MILLI;
    Optional<Due> due = schedule.due(Optional.of(start), now * NANOS_PER_MILLI, random);
    if (due.isPresent()) {
      endAt(lane, due.get().at() / NANOS_PER_MILLI, Ending.of(due.get().reason()));
    }
    if (!service.handoff() && connections.goAway(connection) != NEVER) {
      long forced = (long) connections.goAway(connection) + service.connectionAgeGrace().toMillis();
      endAt(lane, forced, Ending.CUT);
    }
    if (streams.completesAt(lane) != NEVER) {
      endAt(lane, Math.max(now + 1, streams.completesAt(lane)), Ending.COMPLETED);
    }
  }

  // The connections

  /** L4: the client's connection leads to a pod, and stays there until it is renewed. */
  private int ofClient(int channel) {
    int connection = channelConnection[channel];
    if (connection != Connections.NONE && isUsable(connection)) {
      return connection;
    }
    if (connection != Connections.NONE) {
      leaveConnection(channel, channelGeneration[channel], false);
    }
    int pod = balancer.pod(balancer.zone());
    if (pod == Balancer.NONE || !pods.accepts(pod)) {
      return Connections.NONE;
    }
    channelConnection[channel] = connections.open(pod, now, goAway());
    return channelConnection[channel];
  }

  /** L7: each stream is sent to a pod of the zone of the client's connection. */
  private int ofBalancer(int channel) {
    if (channelZone[channel] == Balancer.NONE) {
      channelZone[channel] = balancer.zone();
    }
    int pod = balancer.pod(channelZone[channel]);
    if (pod == Balancer.NONE || !pods.accepts(pod)) {
      return Connections.NONE;
    }
    int connection = pods.connection(pod);
    boolean renew =
        connection == Connections.NONE
            || !isUsable(connection)
            || connections.streams(connection) >= settings.routing().streamsPerConnection();
    if (!renew) {
      return connection;
    }
    if (connection != Connections.NONE) {
      connections.leave(connection);
    }
    pods.connection(pod, connections.open(pod, now, goAway()));
    return pods.connection(pod);
  }

  private boolean isUsable(int connection) {
    return now < connections.goAway(connection) && pods.accepts(connections.pod(connection));
  }

  /** grpc-java adds to or takes from a connection's age up to a tenth. */
  private int goAway() {
    long age = service.maxConnectionAge().toMillis();
    return age == 0
        ? NEVER
        : (int) Math.min(NEVER, now + (long) (age * random.nextDouble(0.9, 1.1)));
  }
}
