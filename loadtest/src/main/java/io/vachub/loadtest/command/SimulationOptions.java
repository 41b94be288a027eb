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
import io.vachub.loadtest.road.MetricRoad;
import io.vachub.loadtest.simulation.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that describe what is simulated; by default the chart's own settings. */
final class SimulationOptions {

  /** The chart's limit of a pod, in targets, where none is set. */
  private static final int MAX_ACTIVE_TARGETS = 4;

  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "6",
      converter = Parsed.PositiveInt.class,
      description = "Clients, each with its own channels.")
  private int clients;

  @Option(
      names = "--channels",
      paramLabel = "N",
      defaultValue = "3",
      converter = Parsed.PositiveInt.class,
      description = "Channels of each client.")
  private int channels;

  @Option(
      names = "--streams",
      paramLabel = "N",
      defaultValue = "180",
      converter = Parsed.PositiveInt.class,
      description = "Streams in total, spread over the channels of all clients.")
  private int streams;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      defaultValue = "30m",
      converter = Parsed.SimulatedDuration.class,
      description = "How long is simulated, such as 30m or 24h.")
  private Duration duration;

  @Option(
      names = "--ramp",
      paramLabel = "STREAMS/TIME",
      defaultValue = "30/60s",
      converter = Parsed.AsRamp.class,
      description = "Streams to begin with, and to add after each such time until all are there.")
  private Ramp ramp;

  @Option(
      names = "--curve",
      paramLabel = "FILE",
      converter = Parsed.AsCurve.class,
      description =
          "Instead of streams and ramp a CSV file with the columns second and"
              + " planned_streams, such as the load tester's own.")
  private LoadCurve curve;

  @Mixin private CourseOptions courseOptions;

  @Option(
      names = "--silent",
      paramLabel = "SHARE",
      defaultValue = "0",
      converter = Parsed.Share.class,
      description = "The share of the clients that does not accept handoffs.")
  private double silent;

  @Option(
      names = "--reopen",
      paramLabel = "each|together",
      defaultValue = "each",
      converter = Parsed.AsReopen.class,
      description =
          "Whether each stream is opened again when it is over, or a channel's streams together,"
              + " 1 to 5 s after the last of them is, on a new connection.")
  private Reopen reopen;

  @Option(
      names = "--balancer",
      paramLabel = "CHOICE",
      defaultValue = "least-of-two",
      converter = Parsed.AsChoice.class,
      description = "How a pod is chosen: round-robin, random or least-of-two.")
  private Balancer.Choice balancer;

  @Option(
      names = "--balance",
      paramLabel = "stream|connection",
      defaultValue = "stream",
      converter = Parsed.AsLayer.class,
      description = "Whether it is chosen for each stream (L7) or for each connection (L4).")
  private Layer balance;

  @Option(
      names = "--balancer-streams",
      paramLabel = "N",
      defaultValue = "10",
      converter = Parsed.PositiveInt.class,
      description = "Streams that share one connection from the balancer to a pod, at most.")
  private int balancerStreams;

  @Option(
      names = "--zones",
      paramLabel = "SHARES",
      defaultValue = "1",
      converter = Parsed.Zones.class,
      description =
          "The pods' shares of each zone, such as 4:4:2. A connection stays in its zone until"
              + " it is renewed.")
  private Several<int[]> zones;

  @Option(
      names = "--zone-traffic",
      paramLabel = "SHARES",
      converter = Parsed.Zones.class,
      description = "The connections' shares of each zone; by default as many as it has pods.")
  private Several<int[]> zoneTraffic;

  @Option(
      names = "--zone-fill",
      paramLabel = "STREAMS",
      defaultValue = "0",
      converter = Parsed.Natural.class,
      description =
          "A client stays in its zone until the pods there have so many streams on average, and"
              + " then goes to the emptiest; 0: the zone of each connection is drawn.")
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
          "Streams at which a pod refuses more, 0 for no limit; by default four times the"
              + " target, as in the chart. Or those of the first pods and of the rest: 120,60.")
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
      description = "A stream is handed off at this age, give or take a tenth; 0 for never.")
  private Duration maxStreamAge;

  @Option(
      names = "--max-connection-age",
      paramLabel = "TIME",
      defaultValue = "30m",
      converter = Parsed.AsDuration.class,
      description = "A connection is asked to go at this age, give or take a tenth; 0 for never.")
  private Duration maxConnectionAge;

  @Option(
      names = "--max-connection-age-grace",
      paramLabel = "TIME",
      defaultValue = "60s",
      converter = Parsed.AsDuration.class,
      description = "And closed by force this much later.")
  private Duration maxConnectionAgeGrace;

  @Option(
      names = "--margin",
      paramLabel = "TIME",
      defaultValue = "5s",
      converter = Parsed.AsDuration.class,
      description = "How long before that a stream is handed off.")
  private Duration margin;

  @Option(
      names = "--silent-clients",
      paramLabel = "move|leave",
      defaultValue = "leave",
      converter = Parsed.AsSilent.class,
      description =
          "Whether streams of clients that do not accept are handed off for age and balance too,"
              + " or only before something cuts them.")
  private Silent silentClients;

  @Option(
      names = "--rebalance",
      paramLabel = "on|off",
      defaultValue = "on",
      converter = Parsed.OnOff.class,
      description = "Whether pods above the mean hand streams off to their peers.")
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
      description = "The share above the mean that is left alone.")
  private double rebalanceTolerance;

  @Option(
      names = "--rebalance-window",
      paramLabel = "TIME",
      defaultValue = "10s",
      converter = Parsed.PositiveDuration.class,
      description = "The excess is handed off over this long.")
  private Duration rebalanceWindow;

  @Option(
      names = "--rebalance-min-stream-age",
      paramLabel = "TIME",
      defaultValue = "60s",
      converter = Parsed.AsDuration.class,
      description = "Younger streams are left alone.")
  private Duration rebalanceMinStreamAge;

  @Option(
      names = "--rebalance-max-per-minute",
      paramLabel = "SHARE",
      defaultValue = "1",
      converter = Parsed.PositiveShare.class,
      description =
          "No more than this share of its streams does a pod move for balance within a minute.")
  private double rebalanceMaxPerMinute;

  @Option(
      names = "--choices",
      paramLabel = "N",
      defaultValue = "5",
      converter = Parsed.Choices.class,
      description =
          "So many pods a stream may try before one that holds the mean or more takes it; 1: the"
              + " first takes it.")
  private int choices;

  @Option(
      names = "--quiet-period",
      paramLabel = "TIME",
      defaultValue = "20s",
      converter = Parsed.AsDuration.class,
      description = "A pod that shuts down still takes streams for so long.")
  private Duration quietPeriod;

  @Option(
      names = "--spread",
      paramLabel = "TIME",
      defaultValue = "15s",
      converter = Parsed.AsDuration.class,
      description = "And then hands its streams off over so long.")
  private Duration spread;

  @Option(
      names = "--drain-grace",
      paramLabel = "TIME",
      defaultValue = "60s",
      converter = Parsed.AsDuration.class,
      description = "What is left this long after the beginning is closed by force.")
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
      description = "Pods at the start; by default the fewest.")
  private Integer pods;

  @Option(
      names = "--join",
      paramLabel = "TIMES",
      converter = Parsed.Times.class,
      description =
          "Without autoscaling: when more pods join, ready at once, such as 20s,95s,170s.")
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
          "Whether the pods know which of them are of a newer revision, and the older ones make"
              + " way.")
  private Switch revisions;

  @Option(
      names = "--kill",
      paramLabel = "TIMES",
      converter = Parsed.Times.class,
      description =
          "When a pod, by chance, is killed without warning, and made anew, such as 10m,15m.")
  private Several<List<Duration>> kill;

  @Option(
      names = "--min-pods",
      paramLabel = "N",
      defaultValue = "3",
      converter = Parsed.PositiveInt.class,
      description = "Fewest pods.")
  private int minPods;

  @Option(
      names = "--max-pods",
      paramLabel = "N",
      defaultValue = "10",
      converter = Parsed.PositiveInt.class,
      description = "Most pods.")
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
          "The deviation from the target that the HPA leaves alone; or that of the way up and that"
              + " of the way down: 0.1,0.2.")
  private Several<Tolerances> hpaTolerance;

  @Option(
      names = "--hpa-behavior",
      paramLabel = "on|off",
      defaultValue = "on",
      converter = Parsed.OnOff.class,
      description =
          "Whether the HPA has a behavior, which the next six are; without one it adds as many pods"
              + " as there are or four at once, and takes away after five minutes.")
  private Switch hpaBehavior;

  @Option(
      names = "--scale-up",
      paramLabel = "POLICIES",
      defaultValue = "100%/30s,4/30s",
      converter = Parsed.Policies.class,
      description = "How many pods may be added each time.")
  private Several<List<Policy>> scaleUp;

  @Option(
      names = "--scale-up-select",
      paramLabel = "max|min|disabled",
      defaultValue = "max",
      converter = Parsed.AsSelect.class,
      description =
          "Which of these policies counts: the one that allows most, the one that allows least, or"
              + " no change at all.")
  private Select scaleUpSelect;

  @Option(
      names = "--scale-up-window",
      paramLabel = "TIME",
      defaultValue = "0s",
      converter = Parsed.Stabilization.class,
      description = "The HPA's stabilization window on the way up.")
  private Duration scaleUpWindow;

  @Option(
      names = "--scale-down",
      paramLabel = "POLICIES",
      defaultValue = "1/60s",
      converter = Parsed.Policies.class,
      description = "How many pods may be taken away each time.")
  private Several<List<Policy>> scaleDown;

  @Option(
      names = "--scale-down-select",
      paramLabel = "max|min|disabled",
      defaultValue = "max",
      converter = Parsed.AsSelect.class,
      description =
          "Which of these policies counts: the one that allows most, the one that allows least, or"
              + " no change at all.")
  private Select scaleDownSelect;

  @Option(
      names = "--scale-down-window",
      paramLabel = "TIME",
      defaultValue = "5m",
      converter = Parsed.Stabilization.class,
      description = "The HPA's stabilization window on the way down.")
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
      description = "How long it then takes until it is ready, give or take a fifth.")
  private Duration podStart;

  @Option(
      names = "--road",
      paramLabel = "PRESET",
      defaultValue = "gmp-adapter",
      converter = Parsed.AsRoad.class,
      description =
          "How the count of streams reaches the HPA: gmp-adapter, gke-native,"
              + " prometheus-adapter or keda. It sets the next three.")
  private MetricRoad.Preset road;

  @Option(
      names = "--scrape-interval",
      paramLabel = "TIME",
      converter = Parsed.PositiveDuration.class,
      description = "How often each pod is read.")
  private Duration scrapeInterval;

  @Option(
      names = "--ingest-delay",
      paramLabel = "TIME",
      converter = Parsed.AsDuration.class,
      description = "How long a value takes until it can be asked for.")
  private Duration ingestDelay;

  @Option(
      names = "--metric-window",
      paramLabel = "TIME",
      converter = Parsed.AsDuration.class,
      description = "A newest value older than this is none.")
  private Duration metricWindow;

  @Option(
      names = "--even",
      paramLabel = "RATIO",
      defaultValue = "1.25",
      converter = Parsed.AtLeastOne.class,
      description = "Up to this the fullest pod over the mean is called even.")
  private double even;

  @Option(
      names = "--sample",
      paramLabel = "TIME",
      defaultValue = "5s",
      converter = Parsed.WholeSeconds.class,
      description = "How often the fleet is recorded.")
  private Duration sample;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      converter = Parsed.Seed.class,
      description = "Of all that is random; the same seed gives the same result.")
  private long seed;

  /** The settings, if they go together. */
  Settings settings() throws SetupException {
    requireTogether();
    int most = curve == null ? streams : Math.max(1, curve.most());
    Load load =
        new Load(
            Rpc.PROCESS,
            clients,
            channels,
            most,
            new Rate(0),
            0,
            duration,
            ramp,
            HandoffConsent.ACCEPT,
            "client");
    return new Settings(
        load,
        curve(),
        courseOptions.lifetime(),
        new Settings.Clients(silent, reopen == Reopen.TOGETHER),
        routing(),
        service(),
        fleet(),
        road(),
        even,
        sample,
        seed);
  }

  private void requireTogether() throws SetupException {
    require(
        curve == null || courseOptions.days(streams).isEmpty(),
        "--curve",
        "and --daily",
        "one or the other");
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

  private LoadCurve curve() {
    if (curve != null) {
      return curve;
    }
    return courseOptions.days(streams).orElseGet(() -> LoadCurve.ramp(ramp, streams));
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

  private MetricRoad road() {
    MetricRoad preset = road.road();
    return new MetricRoad(
        scrapeInterval == null ? preset.scrapeInterval() : scrapeInterval,
        ingestDelay == null ? preset.ingestDelay() : ingestDelay,
        metricWindow == null ? preset.window() : metricWindow,
        preset.kind());
  }
}
