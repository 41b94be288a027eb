package io.vachub.loadtest.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BadOptionsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--rate=-3      | --rate: -3 (expected: 0 or more messages per second, or max)",
        "--rate=fast    | --rate: fast (expected: 0 or more messages per second, or max)",
        "--streams=0    | --streams: 0 (expected: a whole number, 1 or more)",
        "--streams=1.5  | --streams: 1.5 (expected: a whole number, 1 or more)",
        "--clients=-1   | --clients: -1 (expected: a whole number, 1 or more)",
        "--channels=x   | --channels: x (expected: a whole number, 1 or more)",
        "--threads=0    | --threads: 0 (expected: a whole number, 1 or more)",
        "--rpc=unary    | --rpc: unary (expected: process or acknowledge)",
        "--ramp=30      | --ramp: 30 (expected: streams/duration, for example 30/60s)",
        "--stages=30 | --stages: 30 (expected: streams@duration, separated by commas, such as"
            + " 30@1m,180@10m,60@5m)",
        "--stages=0@1m | --curve, --stages: no stream (expected: 1 or more at some time)",
        "--daily=2 | --daily: 2 (expected: 0 to 1)",
        "--lifetime=long | --lifetime: long (expected: endless, fixed:10m, uniform:5m-15m,"
            + " exponential:10m (its mean) or lognormal:10m/1.5 (its median and sigma))",
        "--duration=-1s | --duration: -1s (expected: a duration such as 500ms, 90s, 10m or 1h30m)",
        "--message-size=-1 | --message-size: -1 (expected: 0 to 4,000,000 bytes)",
        "--message-size=5000000 | --message-size: 5000000 (expected: 0 to 4,000,000 bytes)",
        "--assert=cut=0 | --assert: cut=0 (expected: NAME OPERATOR LIMIT, for example"
            + " p99_lateness<50ms or cut==0)",
        "--assert=cut<5ms | --assert: cut<5ms (expected: a limit without a unit)",
        "--cert=c.pem   | --cert: c.pem (expected: --key with it)",
        "--key=k.pem    | --key: k.pem (expected: --cert with it)",
        "--ca=missing.pem | --ca: missing.pem (expected: a readable file)",
        "--cert_file=missing.pem | --ca: missing.pem (expected: a readable file)",
        "--speed=5      | Unknown option: '--speed=5'",
        "--stream=5     | Unknown option: '--stream=5' (nearest: --streams)",
        "--keepalive=3s | --keepalive: 3s (expected: 10s or more, which is gRPC's least, or 0)",
        "--allow=cats   | --allow: cats (expected: one of cut, unknown, lost, doubled, failed,"
            + " unsettled, unsent, never-opened, counters)",
        "--web=99999 | --web: 99999 (expected: a port from 0 to 65535, or an address and a port to make it reachable from other machines: 0.0.0.0:8080)",
        "--counters=:9 | --counters: :9 (expected: http://host:port/path, or NAME:PORT or"
            + " NAME:PORT/path for every address of a name)",
      })
  void isAnsweredWithOneSentenceAndTheSetupCode(String option, String sentence) {
    assertThat(CommandLineResult.of("run", "127.0.0.1:1", option))
        .isEqualTo(new CommandLineResult(2, "", sentence + System.lineSeparator()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "localhost | TARGET: localhost (expected: host:port, several of them separated by commas,"
            + " or dns:///host:port)",
        "http://a:1 | TARGET: http://a:1 (expected: host:port, several of them separated by commas,"
            + " or dns:///host:port)"
      })
  void aBadTargetIsSaid(String target, String sentence) {
    CommandLineResult result = CommandLineResult.of("run", target);

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).isEqualToIgnoringNewLines(sentence);
  }

  @Test
  void moreChannelsThanCanBeAreSaid() {
    assertThat(
            CommandLineResult.of("run", "127.0.0.1:1", "--clients=100000", "--channels=100000")
                .err())
        .isEqualToIgnoringNewLines(
            "--channels: 100000 for each of 100000 clients (expected: at most 100,000 in all)");
  }

  @Test
  void plaintextAndCertificatesDoNotGoTogether(@TempDir Path directory) {
    CommandLineResult result =
        CommandLineResult.of("run", "127.0.0.1:1", "--plaintext", "--ca", directory.toString());

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .startsWith(
            "--plaintext: together with --ca, --cert or --key (expected: one or the other)");
  }

  @ParameterizedTest
  @CsvSource({"--json", "--csv", "--html", "--junit", "--markdown"})
  void aReportWithoutAPlaceIsSaidBeforeTheLoad(String option, @TempDir Path directory) {
    for (Path file : List.of(directory, directory.resolve("missing/report"))) {
      CommandLineResult result =
          CommandLineResult.of("run", "127.0.0.1:1", "--plaintext", option, file.toString());

      assertThat(result.exitCode()).isEqualTo(2);
      assertThat(result.err())
          .startsWith(
              "%s: %s (expected: a file in a directory that can be written to)"
                  .formatted(option, file));
    }
  }

  @Test
  void withoutACommandThereIsHelp() {
    assertThat(CommandLineResult.of().exitCode()).isZero();
    assertThat(CommandLineResult.of().out()).contains("Usage: loadtest", "run", "simulate");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "run --strems 30 127.0.0.1:1 | --streams",
        "run 127.0.0.1:1 --strems 30 | --streams",
        "run --strems=30 | --streams",
        "run --plaintxt | --plaintext",
        "run --assert cut==0 --durration 5s | --duration",
        "simulate --tarjet 15 | --target",
        "simulate --vary tarjet=15,20 | --target",
        "watch --intervall 5s 127.0.0.1:1 | --interval",
        "--verzion | --version",
      })
  void anUnknownNameIsAnsweredWithTheNearest(String line, String nearest) {
    CommandLineResult result = CommandLineResult.of(line.split(" "));

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).hasLineCount(1).contains("(nearest: " + nearest + ")");
  }

  @Test
  void anUnknownCommandIsAnsweredWithThoseThereAre() {
    CommandLineResult result = CommandLineResult.of("rnu", "127.0.0.1:1", "--plaintext");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .hasLineCount(1)
        .startsWith("rnu (expected: run, merge, compare, watch, simulate");
  }

  @Test
  void noTargetIsSaid() {
    assertThat(CommandLineResult.of("run").exitCode()).isEqualTo(2);
    assertThat(CommandLineResult.of("run").err()).contains("TARGET");
  }

  @Test
  void helpAndVersionAreNoError() {
    List<CommandLineResult> results = new ArrayList<>();
    results.add(CommandLineResult.of("--help"));
    results.add(CommandLineResult.of("run", "--help"));
    results.add(CommandLineResult.of("--version"));

    assertThat(results).allMatch(result -> result.exitCode() == 0 && result.err().isEmpty());
    assertThat(results.get(0).out()).contains("Exit codes:", "3", "an assertion is false");
  }
}
