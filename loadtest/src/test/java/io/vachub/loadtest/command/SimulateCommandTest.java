package io.vachub.loadtest.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimulateCommandTest {

  private static final Path VALUES = Path.of("../helm/vac-hub/values.yaml");

  @TempDir private Path directory;

  @Test
  void writesEveryReport() throws Exception {
    CommandLineResult result =
        simulate(
            "--json=" + file("json"), "--csv=" + file("csv"), "--html=" + file("html"), "--quiet");

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).contains("simulated  180 streams on 3 to 10 pods, 30m, seed 1");
    JsonObject json = JsonParser.parseString(Files.readString(file("json"))).getAsJsonObject();
    JsonObject simulation = json.getAsJsonArray("simulations").get(0).getAsJsonObject();
    assertThat(simulation.getAsJsonObject("result").get("cut").getAsLong()).isZero();
    assertThat(simulation.getAsJsonArray("series")).hasSize(360);
    assertThat(Files.readAllLines(file("csv"))).hasSize(361);
    assertThat(Files.readString(file("html"))).contains("Chart.js", "pod-1");
  }

  @Test
  void tellsCiWhatBecameOfItsAssertions() throws Exception {
    CommandLineResult result =
        simulate(
            "--duration=5m",
            "--json=-",
            "--junit=" + file("xml"),
            "--markdown=" + file("md"),
            "--assert=peak<1",
            "--assert=cut==0");

    assertThat(JsonParser.parseString(result.out()).isJsonObject()).isTrue();
    assertThat(result.err()).contains("simulated  180 streams", "assertion failed: peak<1");
    assertThat(Files.readString(file("xml")))
        .contains("<testsuite name=\"loadtest simulate --duration=5m\" tests=\"2\" failures=\"1\"");
    assertThat(Files.readString(file("md"))).startsWith("## ❌ Simulation").contains("| as given |");
  }

  @Test
  void aLoadWithoutAStepSaysSo() throws Exception {
    Path curve = Files.writeString(file("csv"), "second,streams\n0,0\n600,5\n");

    CommandLineResult result =
        simulate("--quiet", "--duration=5m", "--curve=" + curve, "--assert=slowest_even<90s");

    assertThat(result.err())
        .isEqualToIgnoringNewLines("assertion failed: slowest_even<90s: the load has no step");
    assertThat(result.exitCode()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"slowest_even<90s", "slowest_even>90s", "slowest_even!=90s"})
  void aFleetThatNeverGetsEvenIsNotEvenAfterInfiniteTime(String assertion) {
    CommandLineResult result =
        simulate("--quiet", "--duration=5m", "--rebalance=off", "--assert=" + assertion);

    assertThat(result.out()).contains(assertion + ": not even after every step");
    assertThat(result.out() + result.err()).doesNotContain("Infinity");
  }

  @Test
  void printsWhatReadmeShows() throws Exception {
    List<String> printed =
        figures(simulate("--quiet")).stream().map(line -> ("    " + line).stripTrailing()).toList();

    assertThat(Files.readAllLines(Path.of("README.md"))).containsSequence(printed);
  }

  @Test
  void itsOwnCsvIsALoad() {
    simulate("--csv=" + file("csv"), "--quiet", "--duration=10m");

    CommandLineResult result = simulate("--curve=" + file("csv"), "--quiet", "--duration=10m");

    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).contains("180 streams");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--daily=0.1", "--lifetime=fixed:1m"})
  void aLoadWhoseStreamsComeAndGoIsAnother(String option) {
    CommandLineResult result = simulate("--quiet", "--duration=10m", option);

    assertThat(result.exitCode()).isZero();
    assertThat(figures(result)).isNotEqualTo(figures(simulate("--quiet", "--duration=10m")));
  }

  /** What was printed, but for what the simulation took. */
  private static List<String> figures(CommandLineResult result) {
    return result.out().lines().filter(line -> !line.startsWith("itself")).toList();
  }

  @Test
  void laysSettingsSideBySide() throws Exception {
    CommandLineResult result =
        simulate(
            "--vary=target=15,30",
            "--vary=seed=1,2",
            "--compare=--rebalance off --metrics-from keda",
            "--csv=" + file("csv"));

    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .contains(
            "100 % simulated after",
            "target=15 seed=1 ",
            "target=30 seed=2 ",
            "--rebalance off --metrics-from keda target=30 seed=2 ");
    assertThat(Files.readAllLines(file("csv"))).hasSize(1 + 8 * 360);
  }

  @Test
  void assertsOfEachSimulation() {
    CommandLineResult result =
        simulate(
            "--quiet",
            "--vary=max-pods=10,20",
            "--assert=cut==0",
            "--assert",
            "average_max_over_mean<1");

    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.out()).contains("ok      cut==0, max-pods=10: 0");
    assertThat(result.err().lines()).hasSize(2).allMatch(line -> line.contains("too high"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--streams=-1 | --streams: -1 (expected: a whole number, 1 or more)",
        "--target=0 | --target: 0 (expected: more than 0)",
        "--zones=4:0:2 | --zones: 4:0:2 (expected: a share of 1 or more for each zone, such as"
            + " 4:4:2)",
        "--metrics-from=carrier-pigeon | --metrics-from: carrier-pigeon (expected: one of gmp-adapter, gke-native,"
            + " prometheus-adapter, keda)",
        "--balancer=fair | --balancer: fair (expected: round-robin, random or least-of-two)",
        "--balance=l7 | --balance: l7 (expected: stream or connection)",
        "--handoff=yes | --handoff: yes (expected: on or off)",
        "--daily=1.5 | --daily: 1.5 (expected: 0 to 1)",
        "--lifetime=long | --lifetime: long (expected: endless, fixed:10m, uniform:5m-15m,"
            + " exponential:10m (its mean) or lognormal:10m/1.5 (its median and sigma))",
        "--curve=missing.csv | --curve: missing.csv (expected: a readable CSV file)",
        "--scale-up=fast | --scale-up: fast (expected: 1 or more pods or percent each 1s to 30m,"
            + " such as 100%/30s,4/30s)",
        "--scale-up=0/30s | --scale-up: 0/30s (expected: 1 or more pods or percent each 1s to 30m,"
            + " such as 100%/30s,4/30s)",
        "--scale-down=1/1801s | --scale-down: 1/1801s (expected: 1 or more pods or percent each 1s"
            + " to 30m, such as 100%/30s,4/30s)",
        "--scale-down-window=61m | --scale-down-window: 61m (expected: 0s to 1h, as Kubernetes)",
        "--scale-up-select=most | --scale-up-select: most (expected: max, min or disabled)",
        "--hpa-tolerance=0.1,x | --hpa-tolerance: 0.1,x (expected: 0 to 1, or those of the way up"
            + " and down: 0.1,0.2)",
        "--choices=9 | --choices: 9 (expected: 1 (off) to 8 pods)",
        "--reopen=never | --reopen: never (expected: each or together)",
        "--silent-clients=cut | --silent-clients: cut (expected: move or leave)",
        "--max-active=many | --max-active: many (expected: streams, 0 for no limit; or those of"
            + " the first pods and of the rest: 120,60)",
        "--duration=0 | --duration: 0 (expected: 1s to 336h)",
        "--sample=100ms | --sample: 100ms (expected: whole seconds, 1s or more)",
        "--seed=x | --seed: x (expected: a whole number)",
        "--min-pods=11 | --min-pods: 11 (expected: no more than --max-pods, 10)",
        "--join=20s | --join: with autoscaling (expected: --autoscaling off with it)",
        "--zone-traffic=1:1 | --zone-traffic: 2 shares (expected: one for each of the zones, 1)",
        "--rebalance-window=1s | --rebalance-window: 1s (expected: at least --rebalance-interval,"
            + " 5s)",
        "--margin=2m | --margin: 2m (expected: less than --max-connection-age-grace, 1m)",
        "--drain-grace=1s | --drain-grace: 1s (expected: at least --quiet-period and --spread"
            + " together)",
        "--vary=speed=1,2 | --vary: --speed=1 (expected: options of simulate and their values)"
            + " (nearest: --spread)",
        "--vary=target=15,-1 | --target: -1 (expected: more than 0)",
        "--compare=rebalance | --compare: rebalance (expected: options of simulate and their"
            + " values)",
        "--assert=cut=0 | --assert: cut=0 (expected: NAME OPERATOR LIMIT, for example"
            + " max_over_mean<1.2 or cut==0)",
        "--json=/missing/x | --json: /missing/x (expected: a file in a directory that can be"
            + " written to)",
      })
  void badInputIsAnsweredWithOneSentenceAndTheSetupCode(String option, String sentence) {
    assertThat(simulate(option))
        .isEqualTo(new CommandLineResult(2, "", sentence + System.lineSeparator()));
  }

  @Test
  void moreZonesThanPodsAreSaid() {
    CommandLineResult result = simulate("--autoscaling=off", "--pods=2", "--zones=1:1:1");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .isEqualToIgnoringNewLines(
            "--zones: 3 zones (expected: no more zones than pods: a zone without pods serves"
                + " nobody)");
  }

  @ParameterizedTest
  @CsvSource({
    "min-pods, minReplicas",
    "max-pods, maxReplicas",
    "target, targetStreamsPerPod",
    "metrics-from, metricsFrom",
    "max-stream-age, maxStreamAge",
    "margin, margin",
    "max-connection-age, maxAge",
    "max-connection-age-grace, maxAgeGrace",
    "rebalance-tolerance, tolerance",
    "rebalance-window, window",
    "rebalance-min-stream-age, minStreamAge",
    "rebalance-max-per-minute, maxPerMinute",
    "rebalance-interval, interval",
    "choices, choices",
    "silent-clients, silentClients",
    "quiet-period, quietPeriod",
    "spread, spread",
    "drain-grace, gracePeriod"
  })
  void beginsWithTheChartsDefaults(String option, String value) throws Exception {
    String byDefault =
        io.vachub.loadtest.LoadTest.commandLine()
            .getSubcommands()
            .get("simulate")
            .getCommandSpec()
            .findOption("--" + option)
            .defaultValue();

    assertThat(Files.readString(VALUES))
        .containsPattern("(?m)^ +" + value + ": " + Pattern.quote(byDefault) + "$");
  }

  private static CommandLineResult simulate(String... options) {
    String[] args = new String[options.length + 1];
    args[0] = "simulate";
    System.arraycopy(options, 0, args, 1, options.length);
    return CommandLineResult.of(args);
  }

  private Path file(String extension) {
    return directory.resolve("report." + extension);
  }
}
