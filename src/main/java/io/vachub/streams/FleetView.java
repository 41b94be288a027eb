package io.vachub.streams;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vachub.call.PropertyBounds;
import io.vachub.policy.Fleet;
import java.net.InetAddress;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;

/** What this pod last read from its peers. */
public class FleetView {

  private static final Logger log = LoggerFactory.getLogger(FleetView.class);

  /** Older readings are not used. */
  private static final int STALE_AFTER_INTERVALS = 3;

  private record Reading(Fleet fleet, long atNanos) {}

  private final Peers peers;
  private final ThisPod pod;
  private final Duration staleAfter;
  private volatile Reading last = new Reading(Fleet.UNKNOWN, System.nanoTime());
  private boolean deaf;

  FleetView(
      RebalanceProperties rebalance,
      ThisPod pod,
      MeterRegistry registry,
      @Value("${management.server.port:${server.port:8080}}") int metricsPort) {
    this.peers = peers(rebalance, metricsPort);
    this.pod = pod;
    this.staleAfter = rebalance.interval().multipliedBy(STALE_AFTER_INTERVALS);
    Gauge.builder("vachub.peers.known", this, view -> view.last.fleet().peers())
        .description("Other pods at vachub.rebalance.peers, at the last reading")
        .register(registry);
    Gauge.builder("vachub.peers.asked", this, view -> view.last.fleet().asked())
        .description("Other pods that were asked for their streams at the last reading")
        .register(registry);
    Gauge.builder("vachub.peers.answered", this, view -> view.last.fleet().answered())
        .description("Other pods that answered at the last reading")
        .register(registry);
  }

  private static Peers peers(RebalanceProperties rebalance, int metricsPort) {
    try {
      return new Peers(
          new PeerAddresses(
              rebalance.peers(), metricsPort, InetAddress::getAllByName, System::nanoTime));
    } catch (IllegalArgumentException e) {
      throw new PropertyBounds("vachub.rebalance.")
          .invalid("peers", e.getMessage(), "host:port, or several separated by commas");
    }
  }

  /** The last reading, or {@link Fleet#UNKNOWN} if there is none of the last three intervals. */
  public Fleet current() {
    Reading reading = last;
    return System.nanoTime() - reading.atNanos() <= staleAfter.toNanos()
        ? reading.fleet()
        : Fleet.UNKNOWN;
  }

  /** Reads the peers; takes at most one second and the time of DNS. */
  public Fleet read() {
    Peers.Answers answers = peers.read();
    Fleet fleet = Fleet.of(pod.revision(), answers.known(), answers.asked(), answers.answers());
    last = new Reading(fleet, System.nanoTime());
    sayIfNobodyAnswers(fleet);
    return fleet;
  }

  private void sayIfNobodyAnswers(Fleet fleet) {
    boolean deafNow = fleet.asked() > 0 && fleet.answered() == 0;
    if (deafNow && !deaf) {
      log.warn(
          "None of {} peers answers on its metrics port: streams are not rebalanced",
          fleet.asked());
    } else if (deaf && !deafNow) {
      log.info("{} of {} peers answer", fleet.answered(), fleet.asked());
    }
    deaf = deafNow;
  }
}
