package io.vachub.handoff;

import io.vachub.call.DaemonScheduler;
import io.vachub.handoff.HandoffProperties.SilentClients;
import io.vachub.policy.Fleet;
import io.vachub.policy.HandoffReason;
import io.vachub.policy.RebalancePlan;
import io.vachub.policy.RebalancePlan.Pace;
import io.vachub.streams.ActiveStreams;
import io.vachub.streams.FleetView;
import io.vachub.streams.RebalanceProperties;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;

/**
 * Reads the peers once per interval and hands off this pod's excess streams, the oldest first. Does
 * nothing if there are no peers.
 */
@ConditionalOnBean(FleetView.class)
class Rebalancer implements DisposableBean {

  private static final Logger log = LoggerFactory.getLogger(Rebalancer.class);

  private final boolean sheds;
  private final boolean movesSilent;
  private final RebalanceProperties properties;
  private final FleetView fleetView;
  private final ActiveStreams activeStreams;
  private final OpenCalls openCalls;
  private final RebalancePlan plan;

  /** Runs on its own thread, because it waits for peers that do not answer. */
  private final ScheduledExecutorService executor = DaemonScheduler.named("rebalance");

  Rebalancer(
      HandoffProperties handoff,
      RebalanceProperties properties,
      FleetView fleetView,
      ActiveStreams activeStreams,
      OpenCalls openCalls) {
    this.sheds = handoff.enabled();
    this.movesSilent = handoff.silentClients() == SilentClients.MOVE;
    this.properties = properties;
    this.fleetView = fleetView;
    this.activeStreams = activeStreams;
    this.openCalls = openCalls;
    this.plan =
        new RebalancePlan(
            new Pace(
                properties.tolerance(),
                properties.interval(),
                properties.window(),
                properties.maxPerMinute()));
  }

  @EventListener
  void ready(ApplicationReadyEvent event) {
    if (!properties.peers().isBlank()) {
      long interval = properties.interval().toNanos();
      executor.scheduleWithFixedDelay(
          this::rebalanceSafely, interval, interval, TimeUnit.NANOSECONDS);
    }
  }

  /** Catches a failure, because the executor would never run the task again. */
  private void rebalanceSafely() {
    try {
      rebalance();
    } catch (RuntimeException e) {
      log.error("Reading the peers failed", e);
    }
  }

  private void rebalance() {
    Fleet fleet = fleetView.read();
    int own = activeStreams.count();
    long now = System.nanoTime();
    int share = sheds ? plan.toShed(now, own, fleet) : 0;
    int handedOff = share > 0 ? handOff(now, share) : 0;
    plan.handedOff(now, own, handedOff);
    if (handedOff > 0) {
      log.info(
          "Rebalancing: handing off {} of {} streams; the peers have {}",
          handedOff,
          own,
          fleet.streams());
    }
  }

  @Override
  public void destroy() {
    executor.shutdownNow();
  }

  /**
   * Hands off the oldest streams, spread evenly over the interval; fewer if too few are old enough.
   */
  private int handOff(long now, int atMost) {
    List<HandoffCall<?, ?>> oldest =
        openCalls.oldest(atMost, now - properties.minStreamAge().toNanos(), movesSilent);
    long gap = properties.interval().toNanos() / Math.max(1, oldest.size());
    for (int i = 0; i < oldest.size(); i++) {
      HandoffCall<?, ?> call = oldest.get(i);
      openCalls.handOffAt(call, now + i * gap, HandoffReason.REBALANCE);
    }
    return oldest.size();
  }
}
