package io.vachub.loadtest.simulation;

import io.vachub.loadtest.autoscale.HpaSettings;
import io.vachub.loadtest.fleet.Balancer;
import io.vachub.loadtest.load.Lifetime;
import io.vachub.loadtest.load.Load;
import io.vachub.loadtest.load.LoadCurve;
import io.vachub.loadtest.pipeline.MetricsPipeline;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * All that a simulation depends on.
 *
 * @param load clients, channels and the most streams, and how long it lasts
 * @param curve how many streams should be open at a time
 * @param lifetime how long a client keeps a stream
 * @param clients what the clients do when a stream is over
 * @param routing how streams are balanced
 * @param service how a pod ends streams and which it takes
 * @param fleet how many pods there are
 * @param pipeline how the number of streams reaches the autoscaler
 * @param evenBelow up to this the fullest pod over the mean is called even
 * @param sampleEvery how often the fleet is recorded
 * @param seed of all that is random
 */
public record Settings(
    Load load,
    LoadCurve curve,
    Lifetime lifetime,
    Clients clients,
    Routing routing,
    Service service,
    Fleet fleet,
    MetricsPipeline pipeline,
    double evenBelow,
    Duration sampleEvery,
    long seed) {

  /**
   * The clients.
   *
   * @param silentShare the share of them that does not accept handoffs
   * @param together whether a channel's streams are opened again together, some seconds after the
   *     last of them is over, on a new connection
   */
  public record Clients(double silentShare, boolean together) {}

  /**
   * The balancer.
   *
   * @param choice how it chooses a pod
   * @param perStream whether for each stream (L7), otherwise for each connection (L4)
   * @param streamsPerConnection with L7, the most streams on each of the balancer's connections
   * @param zones the pods' shares of each zone
   * @param zoneTraffic the connections' shares of each zone; empty for as many as it has pods
   * @param zoneFill streams a pod, on average, up to which a zone keeps its clients; 0 if the zone
   *     of each connection is drawn
   * @param delay how long it takes to notice that a pod is ready or shuts down
   */
  public record Routing(
      Balancer.Choice choice,
      boolean perStream,
      int streamsPerConnection,
      int[] zones,
      int[] zoneTraffic,
      double zoneFill,
      Duration delay) {}

  /**
   * A pod, by the service's own properties.
   *
   * @param maxActive the limit of the first, second … pod and, the last of them, of all others; 0
   *     is none
   * @param handoff whether streams are handed off
   * @param maxStreamAge when; zero is never
   * @param maxConnectionAge when a connection is asked to go; zero is never
   * @param connectionAgeGrace how much later it is closed by force
   * @param margin how long before that a stream is over
   * @param movesSilent whether streams of clients that do not accept are handed off for age and
   *     balance too
   * @param rebalance how streams are moved for balance, if they are
   * @param drain how it shuts down
   */
  public record Service(
      int[] maxActive,
      boolean handoff,
      Duration maxStreamAge,
      Duration maxConnectionAge,
      Duration connectionAgeGrace,
      Duration margin,
      boolean movesSilent,
      Optional<Rebalance> rebalance,
      Drain drain) {

    int maxActive(int pod) {
      return maxActive[Math.min(pod, maxActive.length - 1)];
    }
  }

  /** The properties {@code vachub.rebalance.*}. */
  public record Rebalance(
      Duration interval,
      double tolerance,
      Duration window,
      Duration minStreamAge,
      double maxPerMinute,
      int choices) {}

  /**
   * How a pod shuts down.
   *
   * @param quietPeriod it still takes streams for so long
   * @param spread its streams are handed off over so long
   * @param grace what is left after this time is force-closed
   */
  public record Drain(Duration quietPeriod, Duration spread, Duration grace) {}

  /**
   * The pods.
   *
   * @param atStart how many are ready at the start
   * @param joins when more pods join, ready at once, one each time
   * @param rollouts when a new revision is rolled out
   * @param revisions whether pods know which of them are of a newer revision
   * @param kills when a pod is killed, by chance, and made anew
   * @param autoscaler if there is one
   * @param target streams that a pod should serve
   * @param nodeWait how long a new pod waits for a node
   * @param podStart how long it then takes until it is ready, give or take a fifth
   */
  public record Fleet(
      int atStart,
      List<Duration> joins,
      List<Duration> rollouts,
      boolean revisions,
      List<Duration> kills,
      Optional<HpaSettings> autoscaler,
      double target,
      Duration nodeWait,
      Duration podStart) {}
}
