package io.vachub.loadtest.command;

import io.vachub.loadtest.autoscale.HpaSettings;
import io.vachub.loadtest.autoscale.ScalingRules;
import io.vachub.loadtest.autoscale.ScalingRules.Policy;
import io.vachub.loadtest.autoscale.ScalingRules.Select;
import io.vachub.loadtest.autoscale.Tolerances;
import io.vachub.loadtest.command.Parsed.Layer;
import io.vachub.loadtest.command.Parsed.Reopen;
import io.vachub.loadtest.command.Parsed.Several;
import io.vachub.loadtest.command.Parsed.Silent;
import io.vachub.loadtest.command.Parsed.Switch;
import io.vachub.loadtest.connection.SetupException;
import io.vachub.loadtest.fleet.Balancer;
import io.vachub.loadtest.load.Durations;
import io.vachub.loadtest.load.HandoffConsent;
import io.vachub.loadtest.load.Load;
import io.vachub.loadtest.load.LoadCurve;
import io.vachub.loadtest.load.Ramp;
import io.vachub.loadtest.load.Rate;
import io.vachub.loadtest.load.Rpc;
import io.vachub.loadtest.pipeline.MetricsPipeline;
import io.vachub.loadtest.simulation.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that describe what is simulated; by default the chart's own settings. */
final class SimulationOptions {

  /** The default limit of a pod, as a multiple of the target, as in the chart. */
  private static final int MAX_ACTIVE_TARGETS = 4;

  @Mixin private final StreamOptions streamOptions = new StreamOptions(6, 3, 180);

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      defaultValue = "30m",
      converter = Parsed.SimulatedDuration.class,
      description = "The simulated time, such as 30m or 24h.")
  private Duration duration;

  @Option(
      names = "--ramp",
      paramLabel = "STREAMS/TIME",
      defaultValue = "30/60s",
      converter = Parsed.AsRamp.class,
      description =
          "Number of streams to start with, and to add after each interval until all are"
              + " open.")
  private Ramp ramp;

  @Mixin private CourseOptions courseOptions;

  @Option(
      names = "--silent",
      paramLabel = "SHARE",
      defaultValue = "0",
      converter = Parsed.Share.class,
      description = "The share of the clients that do not accept handoffs.")
  private double silent;

  @Option(
      names = "--reopen",
      paramLabel = "each|together",
      defaultValue = "each",
      converter = Parsed.AsReopen.class,
      description =
          "Whether a client reopens each stream when it ends (each), or all streams of a"
              + " channel on a new connection, 1 to 5 s after the last of them ended (together).")
  private Reopen reopen;

  @Option(
      names = "--balancer",
      paramLabel = "CHOICE",
      defaultValue = "least-of-two",
      converter = Parsed.AsChoice.class,
      description = "How the balancer chooses a pod: round-robin, random or least-of-two.")
  private Balancer.Choice balancer;

  @Option(
      names = "--balance",
      paramLabel = "stream|connection",
      defaultValue = "stream",
      converter = Parsed.AsLayer.class,
      description =
          "Whether the balancer chooses a pod for each stream (L7) or for each"
              + " connection (L4).")
  private Layer balance;

  @Option(
      names = "--balancer-streams",
      paramLabel = "N",
      defaultValue = "10",
      converter = Parsed.PositiveInt.class,
      description = "The maximum number of streams on one connection from the balancer to a pod.")
  private int balancerStreams;

  @Option(
      names = "--zones",
      paramLabel = "SHARES",
      defaultValue = "1",
      converter = Parsed.Zones.class,
      description =
          "How the pods are distributed over zones, such as 4:4:2. A connection stays in"
              + " its zone until the client opens a new one.")
  private Several<int[]> zones;

  @Option(
      names = "--zone-traffic",
      paramLabel = "SHARES",
      converter = Parsed.Zones.class,
      description = "How the connections are distributed over the zones; by default like the pods.")
  private Several<int[]> zoneTraffic;

  @Option(
      names = "--zone-fill",
      paramLabel = "STREAMS",
      defaultValue = "0",
      converter = Parsed.Natural.class,
      description =
          "A client uses its own zone until the pods there have this many streams on"
              + " average, and then the emptiest zone; 0: the zone of each connection is random.")
  private double zoneFill;

  @Option(
      names = "--routing-delay",
      paramLabel = "TIME",
      defaultValue = "2s",
      converter = Parsed.AsDuration.class,
      description = "How long the balancer takes to notice that a pod is ready or shuts down.")
  private Duration routingDelay;

  @Option(
      names = "--max-active",
      paramLabel = "N",
      converter = Parsed.Limits.class,
      description =
          "Number of streams at which a pod refuses more; 0: no limit; by default four"
              + " times the target, as in the chart. For different limits of the first pods and"
              + " the rest: 120,60.")
  private Several<int[]> maxActive;

  @Option(
      names = "--handoff",
      paramLabel = "on|off",
      defaultValue = "on",
      converter = Parsed.OnOff.class,
      description = "Whether streams are handed off before something cuts them.")
  private Switch handoff;

  @Option(
      names = "--max-stream-age",
      paramLabel = "TIME",
      defaultValue = "20m",
      converter = Parsed.AsDuration.class,
      description = "The age, give or take 10 %%, at which a stream is handed off; 0: never.")
  private Duration maxStreamAge;

  @Option(
      names = "--max-connection-age",
      paramLabel = "TIME",
      defaultValue = "30m",
      converter = Parsed.AsDuration.class,
      description = "The age, give or take 10 %%, at which a connection gets a GOAWAY; 0: never.")
  private Duration maxConnectionAge;

  @Option(
      names = "--max-connection-age-grace",
      paramLabel = "TIME",
      defaultValue = "60s",
      converter = Parsed.AsDuration.class,
      description = "How long after that it is closed by force.")
  private Duration maxConnectionAgeGrace;

  @Option(
      names = "--margin",
      paramLabel = "TIME",
      defaultValue = "5s",
      converter = Parsed.AsDuration.class,
      description = "How long before that its streams are handed off.")
  private Duration margin;

  @Option(
      names = "--silent-clients",
      paramLabel = "move|leave",
      defaultValue = "leave",
      converter = Parsed.AsSilent.class,
      description =
          "Whether streams of clients that do not accept handoffs are also handed off"
              + " for age and balance (move), or only before something cuts them (leave).")
  private Silent silentClients;

  @Option(
      names = "--rebalance",
      paramLabel = "on|off",
      defaultValue = "on",
      converter = Parsed.OnOff.class,
      description = "Whether pods above the mean hand off streams to their peers.")
  private Switch rebalance;

  @Option(
      names = "--rebalance-interval",
      paramLabel = "TIME",
      defaultValue = "5s",
      converter = Parsed.PositiveDuration.class,
      description = "How often a pod reads its peers.")
  private Duration rebalanceInterval;

  @Option(
      names = "--rebalance-tolerance",
      paramLabel = "SHARE",
      defaultValue = "0.1",
      converter = Parsed.Natural.class,
      description = "A pod hands off only the streams above the mean times 1 + this.")
  private double rebalanceTolerance;

  @Option(
      names = "--rebalance-window",
      paramLabel = "TIME",
      defaultValue = "10s",
      converter = Parsed.PositiveDuration.class,
      description = "How long it takes to hand them off.")
  private Duration rebalanceWindow;

  @Option(
      names = "--rebalance-min-stream-age",
      paramLabel = "TIME",
      defaultValue = "60s",
      converter = Parsed.AsDuration.class,
      description = "Streams younger than this are not moved for balance.")
  private Duration rebalanceMinStreamAge;

  @Option(
      names = "--rebalance-max-per-minute",
      paramLabel = "SHARE",
      defaultValue = "1",
      converter = Parsed.PositiveShare.class,
      description = "The share of its streams that a pod may hand off for balance within a minute.")
  private double rebalanceMaxPerMinute;

  @Option(
      names = "--choices",
      paramLabel = "N",
      defaultValue = "5",
      converter = Parsed.Choices.class,
      description =
          "How many pods a new stream may try: all but the last may refuse it if they"
              + " hold the mean or more; 1: the first takes it.")
  private int choices;

  @Option(
      names = "--quiet-period",
      paramLabel = "TIME",
      defaultValue = "20s",
      converter = Parsed.AsDuration.class,
      description = "How long a pod that shuts down still accepts streams.")
  private Duration quietPeriod;

  @Option(
      names = "--spread",
      paramLabel = "TIME",
      defaultValue = "15s",
      converter = Parsed.AsDuration.class,
      description = "The time over which it then hands off its streams.")
  private Duration spread;

  @Option(
      names = "--drain-grace",
      paramLabel = "TIME",
      defaultValue = "60s",
      converter = Parsed.AsDuration.class,
      description = "Streams left this long after the beginning of a shutdown are closed by force.")
  private Duration drainGrace;

  @Option(
      names = "--autoscaling",
      paramLabel = "on|off",
      defaultValue = "on",
      converter = Parsed.OnOff.class,
      description = "Whether an HPA sets the number of pods.")
  private Switch autoscaling;

  @Option(
      names = "--pods",
      paramLabel = "N",
      converter = Parsed.PositiveInt.class,
      description = "Number of pods at the start; by default --min-pods.")
  private Integer pods;

  @Option(
      names = "--join",
      paramLabel = "TIMES",
      converter = Parsed.Times.class,
      description = "Without autoscaling: when more pods join and are ready, such as 20s,95s,170s.")
  private Several<List<Duration>> join;

  @Option(
      names = "--rollout",
      paramLabel = "TIMES",
      converter = Parsed.Times.class,
      description = "When a new revision is rolled out, such as 20m,40m.")
  private Several<List<Duration>> rollout;

  @Option(
      names = "--revisions",
      paramLabel = "on|off",
      defaultValue = "on",
      converter = Parsed.OnOff.class,
      description =
          "Whether the pods know which of them have a newer revision, so that the older"
              + " ones refuse streams.")
  private Switch revisions;

  @Option(
      names = "--kill",
      paramLabel = "TIMES",
      converter = Parsed.Times.class,
      description = "When a random pod is killed without warning and replaced, such as 10m,15m.")
  private Several<List<Duration>> kill;

  @Option(
      names = "--min-pods",
      paramLabel = "N",
      defaultValue = "3",
      converter = Parsed.PositiveInt.class,
      description = "Minimum number of pods.")
  private int minPods;

  @Option(
      names = "--max-pods",
      paramLabel = "N",
      defaultValue = "10",
      converter = Parsed.PositiveInt.class,
      description = "Maximum number of pods.")
  private int maxPods;

  @Option(
      names = "--target",
      paramLabel = "N",
      defaultValue = "15",
      converter = Parsed.PositiveNumber.class,
      description = "Streams that a pod should serve on average.")
  private double target;

  @Option(
      names = "--hpa-tolerance",
      paramLabel = "SHARE",
      defaultValue = "0.1",
      converter = Parsed.AsTolerances.class,
      description =
          "The HPA's tolerance: the deviation from the target that it ignores; for"
              + " different tolerances up and down: 0.1,0.2.")
  private Several<Tolerances> hpaTolerance;

  @Option(
      names = "--hpa-behavior",
      paramLabel = "on|off",
      defaultValue = "on",
      converter = Parsed.OnOff.class,
      description =
          "Whether the HPA has a behavior, set by the next six options; without one it"
              + " doubles the pods or adds four, whichever is more, and scales down after five"
              + " minutes.")
  private Switch hpaBehavior;

  @Option(
      names = "--scale-up",
      paramLabel = "POLICIES",
      defaultValue = "100%/30s,4/30s",
      converter = Parsed.Policies.class,
      description = "The HPA's policies for scaling up.")
  private Several<List<Policy>> scaleUp;

  @Option(
      names = "--scale-up-select",
      paramLabel = "max|min|disabled",
      defaultValue = "max",
      converter = Parsed.AsSelect.class,
      description =
          "Which of these policies applies: the one that allows most, the one that"
              + " allows least, or disabled for no change.")
  private Select scaleUpSelect;

  @Option(
      names = "--scale-up-window",
      paramLabel = "TIME",
      defaultValue = "0s",
      converter = Parsed.Stabilization.class,
      description = "The HPA's stabilization window for scaling up.")
  private Duration scaleUpWindow;

  @Option(
      names = "--scale-down",
      paramLabel = "POLICIES",
      defaultValue = "1/60s",
      converter = Parsed.Policies.class,
      description = "The HPA's policies for scaling down.")
  private Several<List<Policy>> scaleDown;

  @Option(
      names = "--scale-down-select",
      paramLabel = "max|min|disabled",
      defaultValue = "max",
      converter = Parsed.AsSelect.class,
      description =
          "Which of these policies applies: the one that allows most, the one that"
              + " allows least, or disabled for no change.")
  private Select scaleDownSelect;

  @Option(
      names = "--scale-down-window",
      paramLabel = "TIME",
      defaultValue = "5m",
      converter = Parsed.Stabilization.class,
      description = "The HPA's stabilization window for scaling down.")
  private Duration scaleDownWindow;

  @Option(
      names = "--node-wait",
      paramLabel = "TIME",
      defaultValue = "0s",
      converter = Parsed.AsDuration.class,
      description = "How long a new pod waits for a node (Pending).")
  private Duration nodeWait;

  @Option(
      names = "--pod-start",
      paramLabel = "TIME",
      defaultValue = "20s",
      converter = Parsed.AsDuration.class,
      description = "How long it then takes to become ready, give or take 20 %%.")
  private Duration podStart;

  @Option(
      names = "--metrics-from",
      paramLabel = "PRESET",
      defaultValue = "gmp-adapter",
      converter = Parsed.AsPipeline.class,
      description =
          "How the number of streams reaches the HPA: gmp-adapter, gke-native,"
              + " prometheus-adapter or keda. It sets the next three options.")
  private MetricsPipeline.Preset pipeline;

  @Option(
      names = "--scrape-interval",
      paramLabel = "TIME",
      converter = Parsed.PositiveDuration.class,
      description = "How often the metrics of each pod are scraped.")
  private Duration scrapeInterval;

  @Option(
      names = "--ingest-delay",
      paramLabel = "TIME",
      converter = Parsed.AsDuration.class,
      description = "How long it takes until the HPA can read a scraped value.")
  private Duration ingestDelay;

  @Option(
      names = "--metric-window",
      paramLabel = "TIME",
      converter = Parsed.AsDuration.class,
      description = "A value older than this is not used.")
  private Duration metricWindow;

  @Option(
      names = "--even",
      paramLabel = "RATIO",
      defaultValue = "1.25",
      converter = Parsed.AtLeastOne.class,
      description = "Pods count as even if the fullest pod ÷ mean is at most this.")
  private double even;

  @Option(
      names = "--sample",
      paramLabel = "TIME",
      defaultValue = "5s",
      converter = Parsed.WholeSeconds.class,
      description = "How often the state of the pods is recorded.")
  private Duration sample;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      converter = Parsed.Seed.class,
      description = "The seed of all random numbers; the same seed gives the same result.")
  private long seed;

  /** The settings, if they fit together. */
  Settings settings() throws SetupException {
    requireTogether();
    LoadCurve curve =
        courseOptions
            .curve(streamOptions.streams())
            .orElseGet(() -> LoadCurve.ramp(ramp, streamOptions.streams()));
    Load load =
        new Load(
            Rpc.PROCESS,
            streamOptions.clients(),
            streamOptions.channels(),
            Math.max(1, curve.most()),
            new Rate(0),
            0,
            duration,
            ramp,
            HandoffConsent.ACCEPT,
            "client");
    return new Settings(
        load,
        curve,
        courseOptions.lifetime(),
        new Settings.Clients(silent, reopen == Reopen.TOGETHER),
        routing(),
        service(),
        fleet(),
        pipeline(),
        even,
        sample,
        seed);
  }

  private void requireTogether() throws SetupException {
    require(
        minPods <= maxPods,
        "--min-pods",
        minPods,
        "no more than --max-pods, %d".formatted(maxPods));
    require(
        !autoscaling.isOn() || join == null,
        "--join",
        "with autoscaling",
        "--autoscaling off with it");
    require(
        zoneTraffic == null || zoneTraffic.values().length == zones.values().length,
        "--zone-traffic",
        zoneTraffic == null ? "" : zoneTraffic.values().length + " shares",
        "one for each of the zones, %d".formatted(zones.values().length));
    require(
        atStart() >= zones.values().length
            || autoscaling.isOn() && maxPods >= zones.values().length,
        "--zones",
        zones.values().length + " zones",
        "no more zones than pods: a zone without pods serves nobody");
    require(
        rebalanceWindow.compareTo(rebalanceInterval) >= 0,
        "--rebalance-window",
        Durations.format(rebalanceWindow),
        "at least --rebalance-interval, %s".formatted(Durations.format(rebalanceInterval)));
    require(
        margin.compareTo(maxConnectionAgeGrace) < 0 || maxConnectionAge.isZero(),
        "--margin",
        Durations.format(margin),
        "less than --max-connection-age-grace, %s"
            .formatted(Durations.format(maxConnectionAgeGrace)));
    require(
        quietPeriod.plus(spread).compareTo(drainGrace) <= 0,
        "--drain-grace",
        Durations.format(drainGrace),
        "at least --quiet-period and --spread together");
  }

  private static void require(boolean holds, String option, Object value, String expected)
      throws SetupException {
    if (!holds) {
      throw new SetupException("%s: %s (expected: %s)".formatted(option, value, expected));
    }
  }

  private Settings.Routing routing() {
    return new Settings.Routing(
        balancer,
        balance == Layer.STREAM,
        balancerStreams,
        zones.values(),
        zoneTraffic == null ? new int[0] : zoneTraffic.values(),
        zoneFill,
        routingDelay);
  }

  private Settings.Service service() {
    int[] limits =
        maxActive == null
            ? new int[] {(int) Math.ceil(target * MAX_ACTIVE_TARGETS)}
            : maxActive.values();
    return new Settings.Service(
        limits,
        handoff.isOn(),
        maxStreamAge,
        maxConnectionAge,
        maxConnectionAgeGrace,
        margin,
        silentClients == Silent.MOVE,
        rebalance.isOn()
            ? Optional.of(
                new Settings.Rebalance(
                    rebalanceInterval,
                    rebalanceTolerance,
                    rebalanceWindow,
                    rebalanceMinStreamAge,
                    rebalanceMaxPerMinute,
                    choices))
            : Optional.empty(),
        new Settings.Drain(quietPeriod, spread, drainGrace));
  }

  private Settings.Fleet fleet() {
    ScalingRules up = new ScalingRules(scaleUpWindow, scaleUpSelect, scaleUp.values());
    ScalingRules down = new ScalingRules(scaleDownWindow, scaleDownSelect, scaleDown.values());
    HpaSettings hpa =
        new HpaSettings(
            minPods,
            maxPods,
            Math.round(target * 1000),
            hpaTolerance.values(),
            hpaBehavior.isOn()
                ? Optional.of(new HpaSettings.Behavior(up, down))
                : Optional.empty());
    return new Settings.Fleet(
        atStart(),
        times(join),
        times(rollout),
        revisions.isOn(),
        times(kill),
        autoscaling.isOn() ? Optional.of(hpa) : Optional.empty(),
        target,
        nodeWait,
        podStart);
  }

  private static List<Duration> times(Several<List<Duration>> given) {
    return given == null ? List.of() : given.values();
  }

  private int atStart() {
    return pods == null ? minPods : pods;
  }

  private MetricsPipeline pipeline() {
    MetricsPipeline preset = pipeline.pipeline();
    return new MetricsPipeline(
        scrapeInterval == null ? preset.scrapeInterval() : scrapeInterval,
        ingestDelay == null ? preset.ingestDelay() : ingestDelay,
        metricWindow == null ? preset.window() : metricWindow,
        preset.kind());
  }
}
