package io.vachub.loadtest.command;

import io.vachub.loadtest.assertion.Assertion;
import io.vachub.loadtest.autoscale.ScalingRules.Policy;
import io.vachub.loadtest.autoscale.ScalingRules.Select;
import io.vachub.loadtest.autoscale.ScalingRules.Unit;
import io.vachub.loadtest.autoscale.Tolerances;
import io.vachub.loadtest.compare.Regression;
import io.vachub.loadtest.connection.ListenAddress;
import io.vachub.loadtest.connection.Target;
import io.vachub.loadtest.counters.CounterSource;
import io.vachub.loadtest.fleet.Balancer;
import io.vachub.loadtest.load.Durations;
import io.vachub.loadtest.load.HandoffConsent;
import io.vachub.loadtest.load.Lifetime;
import io.vachub.loadtest.load.LoadCurve;
import io.vachub.loadtest.load.Ramp;
import io.vachub.loadtest.load.Rate;
import io.vachub.loadtest.load.Rpc;
import io.vachub.loadtest.pipeline.MetricsPipeline;
import io.vachub.loadtest.report.Flaw;
import io.vachub.loadtest.report.Report;
import io.vachub.loadtest.simulation.Result;
import io.vachub.policy.Refusal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How option values are read. A bad value is answered with what was expected. */
abstract class Parsed<T> implements ITypeConverter<T> {

  private final Function<String, T> parse;

  private Parsed(Function<String, T> parse) {
    this.parse = parse;
  }

  @Override
  public final T convert(String value) {
    try {
      return parse.apply(value);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }

  private static int atLeast(int least, String text) {
    try {
      int value = Integer.parseInt(text);
      if (value >= least) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new IllegalArgumentException("a whole number, %d or more".formatted(least));
  }

  static final class PositiveInt extends Parsed<Integer> {
    PositiveInt() {
      super(text -> atLeast(1, text));
    }
  }

  static final class MessageSize extends Parsed<Integer> {
    private static final int MOST = 4_000_000;

    MessageSize() {
      super(
          text -> {
            if (!text.matches("\\d{1,7}") || Integer.parseInt(text) > MOST) {
              throw new IllegalArgumentException("0 to %,d bytes".formatted(MOST));
            }
            return Integer.parseInt(text);
          });
    }
  }

  static final class Keepalive extends Parsed<Duration> {
    Keepalive() {
      super(
          text -> {
            Duration time = Durations.parse(text);
            if (!time.isZero() && time.compareTo(Duration.ofSeconds(10)) < 0) {
              throw new IllegalArgumentException("10s or more, which is gRPC's least, or 0");
            }
            return time;
          });
    }
  }

  static final class AsCounterSource extends Parsed<CounterSource> {
    AsCounterSource() {
      super(CounterSource::parse);
    }
  }

  static final class AsListenAddress extends Parsed<ListenAddress> {
    AsListenAddress() {
      super(ListenAddress::parse);
    }
  }

  static final class AsOtlpEndpoint extends Parsed<URI> {
    AsOtlpEndpoint() {
      super(AsOtlpEndpoint::parse);
    }

    private static URI parse(String text) {
      String expected = "the URL of an OTLP receiver: http://127.0.0.1:4318";
      try {
        URI url = URI.create(text);
        if (("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
            && url.getHost() != null) {
          return url;
        }
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(expected, e);
      }
      throw new IllegalArgumentException(expected);
    }
  }

  static final class AsFlaw extends Parsed<Flaw> {
    AsFlaw() {
      super(Flaw::named);
    }
  }

  static final class AsRate extends Parsed<Rate> {
    AsRate() {
      super(Rate::parse);
    }
  }

  static final class AsRamp extends Parsed<Ramp> {
    AsRamp() {
      super(Ramp::parse);
    }
  }

  static final class AsDuration extends Parsed<Duration> {
    AsDuration() {
      super(Durations::parse);
    }
  }

  static final class AsTarget extends Parsed<Target> {
    AsTarget() {
      super(Target::parse);
    }
  }

  static final class AsRegression extends Parsed<Regression> {
    AsRegression() {
      super(Regression::parse);
    }
  }

  static final class AsAssertion extends Parsed<Assertion<Report>> {
    AsAssertion() {
      super(Assertion::parse);
    }
  }

  static final class AsSimulationAssertion extends Parsed<Assertion<Result>> {
    AsSimulationAssertion() {
      super(Assertion::parseForSimulation);
    }
  }

  static final class AsRpc extends Parsed<Rpc> {
    AsRpc() {
      super(
          text ->
              switch (text.toLowerCase(Locale.ROOT)) {
                case "process" -> Rpc.PROCESS;
                case "acknowledge" -> Rpc.ACKNOWLEDGE;
                default -> throw new IllegalArgumentException("process or acknowledge");
              });
    }
  }

  static final class AsHandoffConsent extends Parsed<HandoffConsent> {
    AsHandoffConsent() {
      super(
          text ->
              switch (text.toLowerCase(Locale.ROOT)) {
                case "accept" -> HandoffConsent.ACCEPT;
                case "silent" -> HandoffConsent.SILENT;
                default -> throw new IllegalArgumentException("accept or silent");
              });
    }
  }

  static final class AsCall extends Parsed<String> {
    AsCall() {
      super(
          text -> {
            if (!text.matches("[\\w.]+/\\w+")) {
              throw new IllegalArgumentException(
                  "SERVICE/METHOD, such as my.package.Service/Method");
            }
            return text;
          });
    }
  }

  /** A value that picocli must not take for a flag. */
  enum Switch {
    OFF,
    ON;

    boolean isOn() {
      return this == ON;
    }
  }

  /** What a balancer balances. */
  enum Layer {
    STREAM,
    CONNECTION
  }

  /** Several values in one text, which picocli must not take apart. */
  record Several<T>(T values) {}

  private static double number(String text, double least, double most, String expected) {
    try {
      double value = Double.parseDouble(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new IllegalArgumentException(expected);
  }

  private static Duration positive(String text) {
    Duration duration = Durations.parse(text);
    if (duration.toMillis() < 1) {
      throw new IllegalArgumentException("1ms or more");
    }
    return duration;
  }

  /** Who opens a channel's streams again. */
  enum Reopen {
    EACH,
    TOGETHER
  }

  static final class AsReopen extends Parsed<Reopen> {
    AsReopen() {
      super(
          text ->
              switch (text) {
                case "each" -> Reopen.EACH;
                case "together" -> Reopen.TOGETHER;
                default -> throw new IllegalArgumentException("each or together");
              });
    }
  }

  /** What a pod does with streams of silent clients. */
  enum Silent {
    MOVE,
    LEAVE
  }

  static final class AsSilent extends Parsed<Silent> {
    AsSilent() {
      super(
          text ->
              switch (text) {
                case "move" -> Silent.MOVE;
                case "leave" -> Silent.LEAVE;
                default -> throw new IllegalArgumentException("move or leave");
              });
    }
  }

  static final class Choices extends Parsed<Integer> {
    Choices() {
      super(
          text -> {
            if (!text.matches("\\d")
                || Integer.parseInt(text) < 1
                || Integer.parseInt(text) > Refusal.MAX_CHOICES) {
              throw new IllegalArgumentException(
                  "1 (off) to %d pods".formatted(Refusal.MAX_CHOICES));
            }
            return Integer.parseInt(text);
          });
    }
  }

  static final class PositiveShare extends Parsed<Double> {
    PositiveShare() {
      super(text -> number(text, 1e-3, 1, "more than 0 and up to 1"));
    }
  }

  static final class NaturalInt extends Parsed<Integer> {
    NaturalInt() {
      super(text -> atLeast(0, text));
    }
  }

  static final class Seed extends Parsed<Long> {
    Seed() {
      super(
          text -> {
            if (!text.matches("-?\\d{1,18}")) {
              throw new IllegalArgumentException("a whole number");
            }
            return Long.parseLong(text);
          });
    }
  }

  static final class Share extends Parsed<Double> {
    Share() {
      super(text -> number(text, 0, 1, "0 to 1"));
    }
  }

  static final class Natural extends Parsed<Double> {
    Natural() {
      super(text -> number(text, 0, 1e9, "0 or more"));
    }
  }

  static final class AtLeastOne extends Parsed<Double> {
    AtLeastOne() {
      super(text -> number(text, 1, 1e9, "1 or more"));
    }
  }

  static final class PositiveNumber extends Parsed<Double> {
    PositiveNumber() {
      super(text -> number(text, 1e-3, 1e9, "more than 0"));
    }
  }

  static final class PositiveDuration extends Parsed<Duration> {
    PositiveDuration() {
      super(Parsed::positive);
    }
  }

  static final class SimulatedDuration extends Parsed<Duration> {
    /** Simulated time is in milliseconds, in 31 bits. */
    private static final Duration LONGEST = Duration.ofDays(14);

    SimulatedDuration() {
      super(
          text -> {
            Duration duration = Durations.parse(text);
            if (duration.toSeconds() < 1 || duration.compareTo(LONGEST) > 0) {
              throw new IllegalArgumentException("1s to %dh".formatted(LONGEST.toHours()));
            }
            return duration;
          });
    }
  }

  static final class WholeSeconds extends Parsed<Duration> {
    WholeSeconds() {
      super(
          text -> {
            Duration duration = Durations.parse(text);
            if (duration.toSeconds() < 1 || duration.toNanosPart() != 0) {
              throw new IllegalArgumentException("whole seconds, 1s or more");
            }
            return duration;
          });
    }
  }

  static final class Times extends Parsed<Several<List<Duration>>> {
    Times() {
      super(
          text ->
              new Several<>(
                  Arrays.stream(text.split(",", -1)).map(Durations::parse).sorted().toList()));
    }
  }

  static final class OnOff extends Parsed<Switch> {
    OnOff() {
      super(
          text ->
              switch (text) {
                case "on" -> Switch.ON;
                case "off" -> Switch.OFF;
                default -> throw new IllegalArgumentException("on or off");
              });
    }
  }

  static final class AsLayer extends Parsed<Layer> {
    AsLayer() {
      super(
          text ->
              switch (text) {
                case "stream" -> Layer.STREAM;
                case "connection" -> Layer.CONNECTION;
                default -> throw new IllegalArgumentException("stream or connection");
              });
    }
  }

  /** Shares of zones, as {@code 4:4:2}. */
  static final class Zones extends Parsed<Several<int[]>> {
    Zones() {
      super(
          text -> {
            if (!text.matches("[1-9]\\d{0,5}(:[1-9]\\d{0,5})*")) {
              throw new IllegalArgumentException(
                  "a share of 1 or more for each zone, such as 4:4:2");
            }
            return new Several<>(
                Arrays.stream(text.split(":")).mapToInt(Integer::parseInt).toArray());
          });
    }
  }

  static final class Limits extends Parsed<Several<int[]>> {
    Limits() {
      super(
          text -> {
            if (!text.matches("\\d{1,9}(,\\d{1,9})*")) {
              throw new IllegalArgumentException(
                  "streams, 0 for no limit; or those of the first pods and of the rest: 120,60");
            }
            return new Several<>(
                Arrays.stream(text.split(",")).mapToInt(Integer::parseInt).toArray());
          });
    }
  }

  /** Scaling policies, as {@code 100%/30s,4/30s}. */
  static final class Policies extends Parsed<Several<List<Policy>>> {
    private static final Pattern POLICY = Pattern.compile("([1-9]\\d{0,8})(%?)/(.+)");
    private static final Duration LONGEST = Duration.ofSeconds(1_800);

    Policies() {
      super(
          text -> new Several<>(Arrays.stream(text.split(",", -1)).map(Policies::policy).toList()));
    }

    private static Policy policy(String text) {
      Matcher policy = POLICY.matcher(text);
      if (policy.matches()) {
        try {
          Duration period = Durations.parse(policy.group(3));
          if (period.toSeconds() >= 1 && period.compareTo(LONGEST) <= 0) {
            return new Policy(
                policy.group(2).isEmpty() ? Unit.PODS : Unit.PERCENT,
                Integer.parseInt(policy.group(1)),
                period);
          }
        } catch (IllegalArgumentException e) {
          // Said below.
        }
      }
      throw new IllegalArgumentException(
          "1 or more pods or percent each 1s to 30m, such as 100%/30s,4/30s");
    }
  }

  static final class AsSelect extends Parsed<Select> {
    AsSelect() {
      super(
          text ->
              switch (text) {
                case "max" -> Select.MAX;
                case "min" -> Select.MIN;
                case "disabled" -> Select.DISABLED;
                default -> throw new IllegalArgumentException("max, min or disabled");
              });
    }
  }

  /** One tolerance, or that of the way up and that of the way down. */
  static final class AsTolerances extends Parsed<Several<Tolerances>> {
    private static final String EXPECTED = "0 to 1, or those of the way up and down: 0.1,0.2";

    AsTolerances() {
      super(
          text -> {
            String[] both = text.split(",", -1);
            if (both.length > 2) {
              throw new IllegalArgumentException(EXPECTED);
            }
            return new Several<>(
                new Tolerances(
                    number(both[0], 0, 1, EXPECTED),
                    number(both[both.length - 1], 0, 1, EXPECTED)));
          });
    }
  }

  /** A stabilization window, as long as Kubernetes takes it. */
  static final class Stabilization extends Parsed<Duration> {
    private static final Duration LONGEST = Duration.ofHours(1);

    Stabilization() {
      super(
          text -> {
            Duration window = Durations.parse(text);
            if (window.compareTo(LONGEST) > 0) {
              throw new IllegalArgumentException("0s to 1h, as Kubernetes");
            }
            return window;
          });
    }
  }

  static final class AsChoice extends Parsed<Balancer.Choice> {
    AsChoice() {
      super(Balancer.Choice::parse);
    }
  }

  static final class AsPipeline extends Parsed<MetricsPipeline.Preset> {
    AsPipeline() {
      super(MetricsPipeline.Preset::named);
    }
  }

  static final class AsLifetime extends Parsed<Lifetime> {
    AsLifetime() {
      super(Lifetime::parse);
    }
  }

  static final class AsStages extends Parsed<LoadCurve> {
    AsStages() {
      super(LoadCurve::stages);
    }
  }

  static final class AsCurve extends Parsed<LoadCurve> {
    AsCurve() {
      super(text -> LoadCurve.read(Path.of(text)));
    }
  }
}
