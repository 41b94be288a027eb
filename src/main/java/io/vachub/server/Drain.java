package io.vachub.server;

import io.grpc.Server;
import io.vachub.call.ServerSettings;
import io.vachub.call.ServerStarted;
import io.vachub.handoff.ForcedClose;
import io.vachub.handoff.HandoffProperties;
import io.vachub.handoff.OpenCalls;
import io.vachub.policy.DrainPace;
import io.vachub.policy.HandoffReason;
import io.vachub.telemetry.Scrapes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;

/**
 * How the pod shuts down: not ready and NOT_SERVING, from when on it turns away new streams of
 * clients that accept handoffs; a quiet period, until the routers have noticed; every stream handed
 * off, spread so that the other pods are not flooded; GOAWAY; the rest closed by force at the end
 * of {@code grpc.server.shutdown-grace-period}; one more scrape. All beans live until then, and the
 * metrics page answers.
 */
class Drain {

  private static final Logger log = LoggerFactory.getLogger(Drain.class);

  private static final Duration TICK = Duration.ofMillis(50);

  private final ApplicationContext context;
  private final DrainProperties drain;
  private final HandoffProperties handoff;
  private final Duration shutdownGrace;
  private final GrpcHealth health;
  private final WatchingCalls watchingCalls;
  private final OpenCalls openCalls;
  private final ForcedClose forcedClose;
  private final Optional<Scrapes> scrapes;

  private volatile Server server;

  Drain(
      ApplicationContext context,
      DrainProperties drain,
      HandoffProperties handoff,
      ServerSettings settings,
      GrpcHealth health,
      WatchingCalls watchingCalls,
      OpenCalls openCalls,
      ForcedClose forcedClose,
      ObjectProvider<Scrapes> scrapes) {
    this.context = context;
    this.drain = drain;
    this.handoff = handoff;
    this.shutdownGrace = settings.shutdownGrace();
    this.health = health;
    this.watchingCalls = watchingCalls;
    this.openCalls = openCalls;
    this.forcedClose = forcedClose;
    this.scrapes = Optional.ofNullable(scrapes.getIfAvailable());
  }

  @EventListener
  void serverStarted(ServerStarted event) {
    server = event.server();
  }

  /** Runs before any bean is stopped. */
  @EventListener
  void contextClosed(ContextClosedEvent event) throws InterruptedException {
    if (server != null && event.getApplicationContext() == context) {
      drain();
    }
  }

  private void drain() throws InterruptedException {
    long begin = System.nanoTime();
    log.info(
        "Draining {}: quiet period {} s, handoffs spread over {} s",
        streams(openCalls.count()),
        drain.quietPeriod().toSeconds(),
        drain.spread().toSeconds());
    AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
    health.enterTerminalState();
    server.awaitTermination(drain.quietPeriod().toNanos(), TimeUnit.NANOSECONDS);

    watchingCalls.close();
    if (handoff.enabled()) {
      handOffAll();
    }
    server.shutdown();
    closeRest(begin);
    if (scrapes.isPresent()) {
      awaitScrape(scrapes.get(), begin);
    }
  }

  /**
   * Hands every stream off at its time. The door stays open for the sake of balancers that are slow
   * to learn: a client that accepts handoffs and still comes is turned away at once. Any other
   * would stay on its connection, so GOAWAY goes out before the first of those is handed off.
   */
  private void handOffAll() throws InterruptedException {
    List<Runnable> accepting = openCalls.handoffs(HandoffReason.DRAIN, true);
    List<Runnable> silent = openCalls.handoffs(HandoffReason.DRAIN, false);
    DrainPace pace = new DrainPace(accepting.size() + silent.size(), drain.spread());
    long start = System.nanoTime();
    for (int i = 0; i < pace.calls(); i++) {
      long left = start + pace.delay(i).toNanos() - System.nanoTime();
      if (left > 0 && server.awaitTermination(left, TimeUnit.NANOSECONDS)) {
        return;
      }
      if (i < accepting.size()) {
        accepting.get(i).run();
      } else {
        server.shutdown();
        silent.get(i - accepting.size()).run();
      }
    }
  }

  private void closeRest(long begin) throws InterruptedException {
    while (!server.awaitTermination(TICK.toNanos(), TimeUnit.NANOSECONDS)) {
      // For those that slipped in before the GOAWAY reached their clients.
      watchingCalls.close();
      if (handoff.enabled()) {
        openCalls.handOffAll(HandoffReason.DRAIN);
      }
      if (!shutdownGrace.isNegative() && System.nanoTime() - begin >= shutdownGrace.toNanos()) {
        int left = openCalls.count();
        log.warn("Force-closing {}", streams(left));
        forcedClose.shuttingDownNow();
        server.shutdownNow();
        server.awaitTermination(1, TimeUnit.SECONDS);
        return;
      }
    }
    log.info("Drained");
  }

  /** Else what was counted since the last scrape, most of a drain, would be seen by nobody. */
  private void awaitScrape(Scrapes scrapes, long begin) throws InterruptedException {
    long scrapesSoFar = scrapes.count();
    if (scrapesSoFar == 0) {
      return;
    }
    Duration left =
        shutdownGrace.isNegative()
            ? drain.scrapeWait()
            : shutdownGrace.minusNanos(System.nanoTime() - begin);
    scrapes.awaitMoreThan(
        scrapesSoFar, left.compareTo(drain.scrapeWait()) < 0 ? left : drain.scrapeWait());
  }

  private static String streams(int count) {
    return count == 1 ? "1 stream" : count + " streams";
  }
}
