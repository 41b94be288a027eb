package io.vachub.handoff;

import io.vachub.handoff.HandoffProperties.SilentClients;
import io.vachub.load.ActiveStreams;
import io.vachub.load.Peers;
import io.vachub.policy.Fleet;
import io.vachub.policy.HandoffReason;
import io.vachub.policy.RebalancePlan;
import io.vachub.policy.RebalancePlan.Pace;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Reads the peers once an interval and hands this pod's excess off, the oldest streams first. Idle
 * if there are no peers or handoff is off.
 */
@Component
class Rebalancer {

  private static final Logger log = LoggerFactory.getLogger(Rebalancer.class);

  private final boolean enabled;
  private final boolean movesSilent;
  private final RebalanceProperties properties;
  private final Peers peers;
  private final ActiveStreams activeStreams;
  private final OpenCalls openCalls;
  private final HandoffTimer timer;
  private final RebalancePlan plan;

  Rebalancer(
      HandoffProperties handoff,
      RebalanceProperties properties,
      Peers peers,
      ActiveStreams activeStreams,
      OpenCalls openCalls,
      HandoffTimer timer) {
    this.enabled = handoff.enabled() && !properties.peers().isBlank();
    this.movesSilent = handoff.silentClients() == SilentClients.MOVE;
    this.properties = properties;
    this.peers = peers;
    this.activeStreams = activeStreams;
    this.openCalls = openCalls;
    this.timer = timer;
    this.plan =
        new RebalancePlan(
            new Pace(properties.tolerance(), properties.interval(), properties.window(), 1));
  }

  @Scheduled(
      initialDelayString = "${vachub.rebalance.interval}",
      fixedRateString = "${vachub.rebalance.interval}")
  void rebalance() {
    if (!enabled) {
      return;
    }
    Peers.Counts counts = peers.read();
    int own = activeStreams.count();
    long now = System.nanoTime();
    int share = plan.toShed(now, own, fleet(counts));
    if (share > 0) {
      int handedOff = handOff(now, share);
      plan.handedOff(now, own, handedOff);
      log.info(
          "Rebalancing: {} of {} streams are handed off; the peers have {}",
          handedOff,
          own,
          counts.answers());
    }
  }

  private static Fleet fleet(Peers.Counts counts) {
    return new Fleet(counts.known(), counts.asked(), counts.answers().size(), counts.answers(), 0);
  }

  /** Hands the oldest streams off, evenly over the interval; fewer if too few are old enough. */
  private int handOff(long now, int atMost) {
    List<HandoffCall<?, ?>> oldest =
        openCalls.oldest(atMost, now - properties.minStreamAge().toNanos(), movesSilent);
    long gap = properties.interval().toNanos() / Math.max(1, oldest.size());
    for (int i = 0; i < oldest.size(); i++) {
      HandoffCall<?, ?> call = oldest.get(i);
      timer.at(now + i * gap, () -> call.handOff(HandoffReason.REBALANCE));
    }
    return oldest.size();
  }
}
