package io.vachub.loadtest.simulation;

import io.vachub.loadtest.autoscale.Hpa;
import io.vachub.loadtest.fleet.Balancer;
import io.vachub.loadtest.fleet.Pods;
import io.vachub.loadtest.fleet.SimulatedConnections;
import io.vachub.loadtest.fleet.SimulatedEnding;
import io.vachub.loadtest.fleet.Streams;
import io.vachub.loadtest.load.Load;
import io.vachub.loadtest.pace.Backoff;
import io.vachub.loadtest.pipeline.Scrapes;
import io.vachub.loadtest.simulation.Settings.Drain;
import io.vachub.loadtest.simulation.Settings.Rebalance;
import io.vachub.loadtest.simulation.Settings.Service;
import io.vachub.policy.DrainPace;
import io.vachub.policy.Fleet;
import io.vachub.policy.HandoffSchedule;
import io.vachub.policy.HandoffSchedule.ConnectionAge;
import io.vachub.policy.HandoffSchedule.Due;
import io.vachub.policy.Pushback;
import io.vachub.policy.RebalancePlan;
import io.vachub.policy.Refusal;
import io.vachub.policy.RefusalReason;
import io.vachub.policy.Revision;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import java.util.random.RandomGenerator;

/**
 * Simulates a load on a fleet, event by event. Everything happens in whole milliseconds, in an
 * order that the settings and their seed alone decide.
 */
public final class Simulation {

  private static final int HPA_PERIOD_SECONDS = 15;
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** A stream that slips in while its pod hands the others off is handed off so soon. */
  private static final int DRAIN_TICK_MILLIS = 50;

  /**
   * How long a client waits that opens all streams of a channel together, as the guide's client
   * does.
   */
  private static final int MIN_TOGETHER_MILLIS = 1_000;

  private static final int MAX_TOGETHER_MILLIS = 5_000;

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
  private final HandoffSchedule silentSchedule;
  private final Refusal refusal;
  private final int endMillis;

  private final Pods pods = new Pods();
  private final SimulatedConnections connections = new SimulatedConnections();
  private final Streams streams;
  private final Balancer balancer;
  private final SimulatedPeers peers;
  private final Recorder recorder;
  private final Optional<Autoscaler> autoscaler;

  private final EventWheel streamEvents;
  private final EventWheel podEvents;

  /** Of each client's channel: its connection, that connection's zone, and how often it changed. */
  private final int[] channelConnection;

  private final int[] channelZone;
  private final byte[] channelGeneration;

  /** Of each channel, if its streams are opened together: how many are open. */
  private final int[] channelOpen;

  private final int[] homeZone;
  private final int[] podsByZone;
  private int[] podGeneration = new int[16];

  /** The revision that new pods are made from, counted from 0. */
  private int newest;

  /** Pods that are asked for without an autoscaler. */
  private int replicas;

  private int begun;
  private int now;
  private long events;

  /** A simulation that has not begun. */
  public Simulation(Settings settings) {
    this.settings = settings;
    this.service = settings.service();
    this.load = settings.load();
    this.random = new SplittableRandom(settings.seed());
    this.schedule = schedule(service, true);
    this.silentSchedule = schedule(service, service.movesSilent());
    this.refusal = new Refusal(service.rebalance().map(Rebalance::choices).orElse(1));
    this.endMillis = Math.toIntExact(load.duration().toMillis());
    int turn = Math.min(LONGEST_TURN_MILLIS, endMillis);
    this.streams = new Streams(load.streams());
    this.streamEvents = new EventWheel(load.streams(), turn);
    this.podEvents = new EventWheel(PodEvent.ALL.length, turn);
    int zones = settings.routing().zones().length;
    this.balancer =
        new Balancer(
            settings.routing().choice(), pods, zones, settings.routing().zoneTraffic(), random);
    this.peers = new SimulatedPeers(pods, random);
    this.recorder = new Recorder(settings, pods);
    this.podsByZone = new int[zones];
    this.channelConnection = new int[load.totalChannels()];
    this.channelZone = new int[load.totalChannels()];
    this.channelGeneration = new byte[load.totalChannels()];
    this.channelOpen = new int[load.totalChannels()];
    this.homeZone = new int[load.clients()];
    Arrays.fill(homeZone, Balancer.NONE);
    Arrays.fill(channelConnection, SimulatedConnections.NONE);
    Arrays.fill(channelZone, Balancer.NONE);
    this.autoscaler =
        settings
            .fleet()
            .autoscaler()
            .map(hpa -> new Autoscaler(new Hpa(hpa), pods, settings.pipeline().kind()));
  }

  private static HandoffSchedule schedule(Service service, boolean atStreamAge) {
    Optional<ConnectionAge> connectionAge =
        service.maxConnectionAge().isZero()
            ? Optional.empty()
            : Optional.of(
                new ConnectionAge(
                    service.maxConnectionAge(), service.connectionAgeGrace(), service.margin()));
    return service.handoff()
        ? new HandoffSchedule(
            Optional.of(service.maxStreamAge()).filter(age -> atStreamAge && !age.isZero()),
            connectionAge)
        : new HandoffSchedule(Optional.empty(), Optional.empty());
  }

  /** Runs it. {@code progress} is called with each simulated second. */
  public Result run(IntConsumer progress) {
    for (int i = 0; i < settings.fleet().atStart(); i++) {
      becomeReady(make(), true);
    }
    replicas = settings.fleet().atStart();
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
    return autoscaler.map(Autoscaler::desired).orElse(replicas);
  }

  private void beginSecond(int second) {
    for (Duration join : settings.fleet().joins()) {
      if (join.toSeconds() == second) {
        becomeReady(make(), true);
        replicas++;
        recorder.joined(second);
      }
    }
    if (isDue(settings.fleet().kills(), second)) {
      killOne();
    }
    if (isDue(settings.fleet().rollouts(), second)) {
      newest++;
      recorder.rolloutBegins(second, replicas());
    }
    if (newest > 0) {
      rollOut(second);
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
      start(make());
    }
    for (; change < 0; change++) {
      shutDown(Victims.choose(pods, pod -> true, now, random));
    }
  }

  private void start(int pod) {
    long start = (long) (settings.fleet().podStart().toMillis() * random.nextDouble(0.8, 1.2));
    long waits = settings.fleet().nodeWait().toMillis();
    podEvents.schedule(PodEvent.LIFE.of(pod), now + waits);
    // Until then this is when it is to be ready.
    podEvents.schedule(PodEvent.ROUTE.of(pod), now + waits + start);
  }

  private static boolean isDue(List<Duration> times, int second) {
    return times.stream().anyMatch(time -> time.toSeconds() == second);
  }

  private int replicas() {
    return autoscaler.map(Autoscaler::desired).orElse(replicas);
  }

  /** A step of the Deployment's controller. */
  private void rollOut(int second) {
    int all = 0;
    int current = 0;
    int ready = 0;
    int old = 0;
    for (int pod = 0; pod < pods.made(); pod++) {
      boolean isOld = generation(pod) < newest;
      if (pods.counts(pod)) {
        all++;
        current += isOld ? 0 : 1;
        ready += pods.state(pod) == Pods.State.READY ? 1 : 0;
      }
      old += isOld && pods.state(pod) != Pods.State.GONE ? 1 : 0;
    }
    recorder.rollout(second, old == 0);
    for (int more = Rollout.toMake(replicas(), all, current); more > 0; more--) {
      start(make());
    }
    int removable = Math.min(all - current, Rollout.toRemove(replicas(), ready));
    for (; removable > 0; removable--) {
      shutDown(Victims.choose(pods, pod -> generation(pod) < newest, now, random));
    }
  }

  private int generation(int pod) {
    return podGeneration[pod];
  }

  /** Without warning, as if its node was gone; the Deployment makes another. */
  private void killOne() {
    int ready = 0;
    int victim = SimulatedConnections.NONE;
    for (int pod = 0; pod < pods.made(); pod++) {
      if (pods.state(pod) == Pods.State.READY && random.nextInt(++ready) == 0) {
        victim = pod;
      }
    }
    if (victim == SimulatedConnections.NONE) {
      return;
    }
    podsByZone[pods.zone(victim)]--;
    peers.remove(victim);
    pods.enter(Pods.State.DRAINING, victim, now);
    cutAll(victim, SimulatedEnding.KILLED);
    cancelAll(victim);
    pods.enter(Pods.State.GONE, victim, now);
    podEvents.schedule(PodEvent.ROUTE.of(victim), now + routingDelay());
    start(make());
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
                    service.rebalance().get().maxPerMinute()))
            : null;
    Revision revision =
        settings.fleet().revisions() ? new Revision("revision-" + newest, now) : Revision.UNKNOWN;
    int pod = pods.make(zone, service.maxActive(pods.made()), revision, plan);
    if (pod == podGeneration.length) {
      podGeneration = Arrays.copyOf(podGeneration, pod * 2);
    }
    podGeneration[pod] = newest;
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

  private void becomeReady(int pod, boolean isKnown) {
    pods.enter(Pods.State.READY, pod, now);
    peers.add(pod);
    long delay = isKnown ? 0 : routingDelay();
    podEvents.schedule(PodEvent.ROUTE.of(pod), now + delay);
    if (delay == 0) {
      podEvents.cancel(PodEvent.ROUTE.of(pod));
      balancer.add(pod);
    }
    if (autoscaler.isPresent()) {
      pods.scrapes(
          pod, new Scrapes(settings.pipeline(), now + phase(settings.pipeline().scrapeInterval())));
      podEvents.schedule(PodEvent.SCRAPE.of(pod), pods.scrapes(pod).nextAt());
    }
    if (service.rebalance().isPresent()) {
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
      case PENDING, STARTING -> becomeReady(pod, false);
      case READY -> balancer.add(pod);
      default -> balancer.remove(pod);
    }
  }

  private void drain(int pod) {
    Drain drain = service.drain();
    int begunAt = pods.since(pod);
    pods.enter(Pods.State.DRAINING, pod, now);
    if (service.handoff()) {
      DrainPace pace = new DrainPace(pods.open(pod), drain.spread());
      int call = 0;
      for (boolean silent : new boolean[] {false, true}) {
        for (int lane = streams.oldest(pod); lane >= 0; lane = streams.younger(lane)) {
          if (isSilent(lane) == silent) {
            endAt(lane, now + pace.delay(call++).toMillis(), SimulatedEnding.HANDOFF_DRAIN);
          }
        }
      }
    }
    long force = Math.max(now, begunAt + drain.grace().toMillis());
    podEvents.schedule(PodEvent.LIFE.of(pod), pods.open(pod) == 0 ? now : force);
  }

  private void die(int pod) {
    cutAll(pod, SimulatedEnding.CUT);
    boolean isRouted = podEvents.dueAt(PodEvent.ROUTE.of(pod)) >= 0;
    int forgottenAt = podEvents.dueAt(PodEvent.ROUTE.of(pod));
    cancelAll(pod);
    if (isRouted) {
      podEvents.schedule(PodEvent.ROUTE.of(pod), forgottenAt);
    }
    pods.enter(Pods.State.GONE, pod, now);
  }

  private void cutAll(int pod, SimulatedEnding how) {
    for (int lane = streams.oldest(pod); lane >= 0; lane = streams.oldest(pod)) {
      streamEvents.cancel(lane);
      streams.ending(lane, how);
      endStream(lane);
    }
  }

  private void cancelAll(int pod) {
    for (PodEvent event : PodEvent.ALL) {
      podEvents.cancel(event.of(pod));
    }
  }

  private void rebalance(int pod) {
    Rebalance rebalance = service.rebalance().get();
    long interval = rebalance.interval().toMillis();
    int own = pods.open(pod);
    long nanos = now * NANOS_PER_MILLI;
    Fleet fleet = peers.fleetOf(pod);
    pods.seen(pod, fleet);
    if (pods.plan(pod) != null) {
      int share = pods.plan(pod).toShed(nanos, own, fleet);
      if (share > 0) {
        pods.plan(pod).handedOff(nanos, own, shed(pod, share, interval));
      }
    }
    podEvents.schedule(PodEvent.REBALANCE.of(pod), now + interval);
  }

  /** Returns how many there are to hand off. */
  private int shed(int pod, int atMost, long interval) {
    long old = now - service.rebalance().get().minStreamAge().toMillis();
    int candidates = 0;
    for (int lane = streams.oldest(pod); candidates < atMost; lane = streams.younger(lane)) {
      if (lane < 0 || streams.openedAt(lane) > old) {
        break;
      }
      candidates += movesForBalance(lane) ? 1 : 0;
    }
    int i = 0;
    for (int lane = streams.oldest(pod); i < candidates; lane = streams.younger(lane)) {
      if (movesForBalance(lane)) {
        endAt(lane, now + interval * i++ / candidates, SimulatedEnding.HANDOFF_REBALANCE);
      }
    }
    return candidates;
  }

  private boolean movesForBalance(int lane) {
    return service.movesSilent() || !isSilent(lane);
  }

  private boolean isSilent(int lane) {
    int client = load.channelOf(lane) / load.channels();
    return client < Math.round(settings.clients().silentShare() * load.clients());
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
  private void endAt(int lane, long atMillis, SimulatedEnding how) {
    int due = streamEvents.dueAt(lane);
    if (atMillis < endMillis && (due < 0 || atMillis < due)) {
      streams.ending(lane, how);
      streamEvents.schedule(lane, (int) atMillis);
    }
  }

  private void endStream(int lane) {
    SimulatedEnding how = streams.ending(lane);
    int channel = load.channelOf(lane);
    byte generation = streams.generation(lane);
    close(lane);
    recorder.ended(how);
    if (settings.clients().together() && how != SimulatedEnding.COMPLETED) {
      reopenTogether(channel);
      return;
    }
    switch (how) {
      case COMPLETED -> beginStream(lane);
      case CUT, KILLED -> {
        leaveConnection(channel, generation, settings.routing().perStream());
        backOff(lane);
      }
      default -> {
        if (isSilent(lane)) {
          // It sees an error, and knows nothing of connections.
          backOff(lane);
          return;
        }
        if (how == SimulatedEnding.HANDOFF_REBALANCE) {
          leaveConnection(channel, generation, false);
        }
        reopenIn(lane, Backoff.handoffNanos(random));
      }
    }
  }

  /** Once the last of a channel's streams is over. */
  private void reopenTogether(int channel) {
    if (channelOpen[channel] > 0) {
      return;
    }
    leaveConnection(channel, channelGeneration[channel], false);
    long at = now + random.nextInt(MIN_TOGETHER_MILLIS, MAX_TOGETHER_MILLIS);
    for (int lane = 0; lane < begun; lane++) {
      if (load.channelOf(lane) == channel && streams.state(lane) == Streams.State.WAITING) {
        streamEvents.schedule(lane, at);
      }
    }
  }

  private void close(int lane) {
    int pod = connections.pod(streams.connection(lane));
    streams.closes(lane, pod);
    connections.leave(streams.connection(lane));
    recorder.closed(now);
    channelOpen[load.channelOf(lane)]--;
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
      if (channelConnection[channel] != SimulatedConnections.NONE) {
        connections.leave(channelConnection[channel]);
        channelConnection[channel] = SimulatedConnections.NONE;
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
    if (connection == SimulatedConnections.NONE) {
      recorder.ended(SimulatedEnding.UNREACHED);
      backOff(lane);
      return;
    }
    int pod = connections.pod(connection);
    Optional<RefusalReason> refused = refused(lane, pod);
    if (refused.isPresent()) {
      recorder.ended(SimulatedEnding.of(refused.get()));
      long asked = Pushback.millis(refused.get(), streams.refusals(lane), random);
      streams.refused(lane);
      if (refused.get() != RefusalReason.FULL) {
        leaveConnection(channel, channelGeneration[channel], false);
      }
      long wait = Backoff.pushbackNanos(random, asked * NANOS_PER_MILLI);
      reopenIn(lane, Math.max(NANOS_PER_MILLI, wait));
      return;
    }
    channelOpen[channel]++;
    connections.use(connection);
    streams.opens(lane, pod, connection, channelGeneration[channel], now);
    recorder.opened(now, pods.opened(pod));
    scheduleEnd(lane, connection);
  }

  private Optional<RefusalReason> refused(int lane, int pod) {
    return refusal
        .of(
            pods.open(pod),
            pods.seen(pod),
            pods.isLeaving(pod),
            !isSilent(lane),
            streams.refusals(lane))
        .or(() -> pods.isFull(pod) ? Optional.of(RefusalReason.FULL) : Optional.empty());
  }

  private void scheduleEnd(int lane, int connection) {
    if (service.handoff() && pods.state(connections.pod(connection)) == Pods.State.DRAINING) {
      endAt(lane, now + DRAIN_TICK_MILLIS, SimulatedEnding.HANDOFF_DRAIN);
      return;
    }
    long start = connections.start(connection) * NANOS_PER_MILLI;
    Optional<Due> due =
        (isSilent(lane) ? silentSchedule : schedule)
            .due(Optional.of(start), now * NANOS_PER_MILLI, random);
    if (due.isPresent()) {
      endAt(lane, due.get().at() / NANOS_PER_MILLI, SimulatedEnding.of(due.get().reason()));
    }
    if (!service.handoff() && connections.goAway(connection) != NEVER) {
      long forced = (long) connections.goAway(connection) + service.connectionAgeGrace().toMillis();
      endAt(lane, forced, SimulatedEnding.CUT);
    }
    if (streams.completesAt(lane) != NEVER) {
      endAt(lane, Math.max(now + 1, streams.completesAt(lane)), SimulatedEnding.COMPLETED);
    }
  }

  // The connections

  /** L4: the client's connection leads to a pod, and stays there until it is renewed. */
  private int ofClient(int channel) {
    int connection = channelConnection[channel];
    if (connection != SimulatedConnections.NONE && isUsable(connection)) {
      return connection;
    }
    if (connection != SimulatedConnections.NONE) {
      leaveConnection(channel, channelGeneration[channel], false);
    }
    int pod = balancer.pod(zone(channel));
    if (pod == Balancer.NONE || !takes(pod)) {
      return SimulatedConnections.NONE;
    }
    channelConnection[channel] = connections.open(pod, now, goAway());
    return channelConnection[channel];
  }

  /** L7: each stream is sent to a pod of the zone of the client's connection. */
  private int ofBalancer(int channel) {
    if (channelZone[channel] == Balancer.NONE || settings.routing().zoneFill() > 0) {
      channelZone[channel] = zone(channel);
    }
    int pod = balancer.pod(channelZone[channel]);
    if (pod == Balancer.NONE || !takes(pod)) {
      return SimulatedConnections.NONE;
    }
    int connection = pods.connection(pod);
    boolean renew =
        connection == SimulatedConnections.NONE
            || !isUsable(connection)
            || connections.streams(connection) >= settings.routing().streamsPerConnection();
    if (!renew) {
      return connection;
    }
    if (connection != SimulatedConnections.NONE) {
      connections.leave(connection);
    }
    pods.connection(pod, connections.open(pod, now, goAway()));
    return pods.connection(pod);
  }

  /** The zone for a connection of this channel: drawn, or the client's own until that is full. */
  private int zone(int channel) {
    double fill = settings.routing().zoneFill();
    if (fill == 0) {
      return balancer.zone();
    }
    int client = channel / load.channels();
    if (homeZone[client] == Balancer.NONE) {
      homeZone[client] = balancer.zone();
    }
    int zone = homeZone[client];
    if (balancer.load(zone) < fill) {
      return zone;
    }
    for (int other = 0; other < settings.routing().zones().length; other++) {
      zone = balancer.load(other) < balancer.load(zone) ? other : zone;
    }
    return zone;
  }

  /** A pod that hands nothing off closes its door when it has been quiet. */
  private boolean takes(int pod) {
    return pods.accepts(pod) && (service.handoff() || pods.state(pod) != Pods.State.DRAINING);
  }

  private boolean isUsable(int connection) {
    return now < connections.goAway(connection) && takes(connections.pod(connection));
  }

  /** grpc-java adds to or takes from a connection's age up to a tenth. */
  private int goAway() {
    long age = service.maxConnectionAge().toMillis();
    return age == 0
        ? NEVER
        : (int) Math.min(NEVER, now + (long) (age * random.nextDouble(0.9, 1.1)));
  }
}
