package io.vachub.loadtest.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.grpc.Status;
import io.vachub.loadtest.StreamerServer;
import io.vachub.proto.TextRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCommandTest {

  @TempDir private Path directory;
  private StreamerServer server;

  @BeforeEach
  void startServer() throws Exception {
    server = StreamerServer.start("pod-a");
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  @Test
  void writesEveryReportAndAgreesWithTheServer() throws Exception {
    CommandLineResult result =
        run(
            "--clients=2",
            "--channels=2",
            "--streams=8",
            "--ramp=4/500ms",
            "--client-id=vm",
            "--duration=2s",
            "--json=" + file("json"),
            "--csv=" + file("csv"),
            "--html=" + file("html"));

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    JsonObject json = JsonParser.parseString(Files.readString(file("json"))).getAsJsonObject();
    assertThat(json.getAsJsonObject("account").get("processed").getAsLong())
        .isEqualTo(server.processed())
        .isPositive();
    assertThat(Files.readAllLines(file("csv"))).hasSize(4);
    assertThat(Files.readString(file("html"))).contains("Chart.js", "pod-a");
    assertThat(server.received()).extracting(TextRequest::getClientId).containsOnly("vm-1", "vm-2");
    assertThat(server.received()).extracting(TextRequest::getChannelId).containsOnly(0, 1);
    assertThat(server.connections()).isEqualTo(4);
  }

  @Test
  void jsonOnStandardOutputIsAloneThere() {
    CommandLineResult result = run("--streams=1", "--duration=1s", "--json=-", "--web=0");

    assertThat(JsonParser.parseString(result.out()).getAsJsonObject().get("target").getAsString())
        .isEqualTo(server.address());
    assertThat(result.err())
        .contains("live report at ", "00:01 streams=1/1", "ProcessTextStream on ");
    assertThat(result.exitCode()).isZero();
    assertThat(Path.of("-")).doesNotExist();
  }

  @Test
  void aLoadEndsAtOnceWhereItIsToBeAborted() throws Exception {
    CommandLineResult result =
        runAndCut(
            "--streams=2",
            "--duration=10m",
            "--quiet",
            "--allow=cut,unknown",
            "--abort-on=p50_lateness>1000s",
            "--abort-on=cut>0",
            "--junit=" + file("xml"),
            "--markdown=" + file("md"));

    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.err())
        .hasLineCount(1)
        .containsPattern("^assertion failed: --abort-on cut>0: true after \\d+ s: 2\\R");
    assertThat(Files.readString(file("xml"))).contains("name=\"--abort-on cut&gt;0\"");
    assertThat(Files.readString(file("md"))).contains("❌ | `--abort-on cut>0` | true after");
  }

  @Test
  void aLoadThatIsNotAbortedPasses() {
    CommandLineResult result = run("--streams=1", "--duration=1s", "--abort-on=cut>0");

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).contains("ok      --abort-on cut>0: never true");
  }

  @Test
  void printsALineASecondAndASummaryIntoAPipe() {
    CommandLineResult result = run("--streams=3", "--duration=2s");

    assertThat(result.out().lines())
        .anyMatch(line -> line.startsWith("00:01 streams=3/3 pods=1 max_over_mean=1.00 rate="))
        .anyMatch(line -> line.startsWith("00:02 streams=3/3"))
        .anyMatch(line -> line.matches("           lost +0"));
    assertThat(result.out()).doesNotContain("\u001b");
  }

  @Test
  void quietShowsTheSummaryOnly() {
    CommandLineResult result = run("--streams=1", "--duration=1s", "--quiet");

    assertThat(result.out()).startsWith("ProcessTextStream on ").doesNotContain("00:01 streams=");
  }

  @Test
  void anAssertionThatFailsHasItsOwnCodeAndSaysByHowMuch() {
    CommandLineResult result =
        run("--streams=1", "--duration=1s", "--assert=lost==0", "--assert", "pods>=2");

    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.err()).isEqualToIgnoringNewLines("assertion failed: pods>=2: 1, 1 too low");
    assertThat(result.out()).contains("ok      lost==0: 0");
  }

  @Test
  void aStreamThatIsCutFailsTheLoadInOneSentenceEach() throws Exception {
    CommandLineResult result = runAndCut("--streams=2", "--duration=3s", "--quiet");

    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.err().lines().toList())
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .isEqualTo(
                        "cut: 2 open streams ended unexpectedly, most often with \"INTERNAL: pod"
                            + " killed\" (--allow cut)"),
            line ->
                assertThat(line)
                    .matches(
                        "unknown: it is unknown whether \\d+ messages on .* \\(--allow"
                            + " unknown\\)"));
  }

  @Test
  void whatIsAllowedFailsNothingAndIsStillSaid() throws Exception {
    CommandLineResult result =
        runAndCut("--streams=2", "--duration=3s", "--quiet", "--allow=cut,unknown");

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).contains("verdict    allowed  cut: 2 open streams");
  }

  @Test
  void streamsThatNeverOpenFailTheLoad() {
    server.capacity(0);
    CommandLineResult result =
        run("--streams=3", "--duration=1s", "--assert=cut==0", "--assert=lost==0");

    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.err())
        .contains(
            "never-opened: 3 of 3 streams never opened, most often with \"RESOURCE_EXHAUSTED\""
                + " (--allow never-opened)");
  }

  @Test
  void aLoadThatCouldNotSendWhatItWasAskedForFails() {
    server.capacity(1);

    CommandLineResult result = run("--streams=2", "--duration=5s", "--allow=never-opened");

    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.err())
        .containsPattern(
            "unsent: \\d+ messages were due and never left, [\\d.]+ % of what was asked for"
                + " \\(--allow unsent\\)");
    assertThat(result.out()).containsPattern("unsent +[1-9]");
  }

  @Test
  void whatCouldNotBeSentMayBeAllowed() {
    server.capacity(1);

    CommandLineResult result = run("--streams=2", "--duration=5s", "--allow=never-opened,unsent");

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).contains("verdict    allowed  unsent: ");
  }

  @Test
  void aLoadWhoseStreamsWaitedForCapacityAndGotThroughPasses() throws Exception {
    server.capacity(0);

    CommandLineResult result = meanwhile(this::letInLate, "--streams=1", "--duration=6s");

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(server.processed()).isGreaterThanOrEqualTo(4 * 5);
  }

  /** So many refusals in a row take more than a second. */
  private void letInLate() {
    await().atMost(30, TimeUnit.SECONDS).until(() -> server.refused() >= 19);
    server.capacity(1);
  }

  private CommandLineResult runAndCut(String... options) throws Exception {
    return meanwhile(
        () -> {
          await().atMost(30, TimeUnit.SECONDS).until(() -> server.processed() > 10);
          server.end(Status.INTERNAL.withDescription("pod killed"));
        },
        options);
  }

  private CommandLineResult meanwhile(Runnable action, String... options) throws Exception {
    Thread acting = new Thread(action);
    acting.start();
    CommandLineResult result = run(options);
    acting.join();
    return result;
  }

  private CommandLineResult run(String... options) {
    String[] args = new String[options.length + 4];
    args[0] = "run";
    args[1] = server.address();
    args[2] = "--plaintext";
    args[3] = "--rate=20";
    System.arraycopy(options, 0, args, 4, options.length);
    return CommandLineResult.of(args);
  }

  private Path file(String extension) {
    return directory.resolve("report." + extension);
  }
}
