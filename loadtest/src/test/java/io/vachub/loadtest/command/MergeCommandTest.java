package io.vachub.loadtest.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.vachub.loadtest.StreamerServer;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two load testers that load the same server at the same time. */
class MergeCommandTest {

  @TempDir private static Path directory;
  private static long processed;

  @BeforeAll
  static void load() throws Exception {
    try (StreamerServer server = StreamerServer.start("pod-a")) {
      CompletableFuture<CommandLineResult> other =
          CompletableFuture.supplyAsync(() -> run(server, "b", "--streams=3"));
      assertThat(run(server, "a", "--streams=5").exitCode()).isZero();
      assertThat(other.get().exitCode()).isZero();
      processed = server.processed();
    }
  }

  @AfterAll
  static void forget() {
    System.setIn(STDIN);
  }

  private static final InputStream STDIN = System.in;

  private static CommandLineResult run(StreamerServer server, String name, String streams) {
    return CommandLineResult.of(
        "run",
        server.address(),
        "--plaintext",
        "--rpc=acknowledge",
        "--rate=20",
        "--duration=2s",
        "--quiet",
        "--client-id=" + name,
        streams,
        "--json=" + file(name));
  }

  @Test
  void makesOneReportOfBoth() throws Exception {
    CommandLineResult result =
        merge(
            file("a"),
            file("b"),
            "--json=" + file("both"),
            "--html=" + directory.resolve("both.html"),
            "--assert=lost==0",
            "--assert=p99_response_time<60s");

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    JsonObject both = json("both");
    assertThat(both.getAsJsonObject("account").get("processed").getAsLong()).isEqualTo(processed);
    assertThat(acknowledged(both)).isEqualTo(acknowledged(json("a")) + acknowledged(json("b")));
    assertThat(both.getAsJsonObject("load").get("streams").getAsInt()).isEqualTo(8);
    assertThat(result.out()).startsWith("AcknowledgeTextStream on ").contains("8 streams");
    assertThat(Files.readString(directory.resolve("both.html"))).contains("a, b");
  }

  @Test
  void judgesBothTogether() {
    CommandLineResult result = merge(file("a"), file("b"), "--assert=sent<" + processed);

    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.err()).startsWith("assertion failed: sent<" + processed + ": ");
  }

  @Test
  void aFlawOfOneIsAFlawOfAllUnlessItIsAllowed() throws Exception {
    Path cut = directory.resolve("cut.json");
    JsonObject json = json("b");
    json.getAsJsonObject("reconnects").addProperty("reset", 2);
    Files.writeString(cut, json.toString());

    CommandLineResult result = merge(file("a"), cut.toString());
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.err())
        .isEqualToIgnoringNewLines("cut: 2 open streams ended unexpectedly (--allow cut)");
    assertThat(merge(file("a"), cut.toString(), "--allow=cut").exitCode()).isZero();
  }

  @Test
  void readsLogsFromStandardInput() throws Exception {
    String log = "00:01 streams=5\n" + Files.readString(Path.of(file("a")));
    log += "note\n" + Files.readString(Path.of(file("b")));
    System.setIn(new ByteArrayInputStream(log.getBytes()));

    CommandLineResult result = merge("-", "--assert=processed==" + processed);

    assertThat(result).extracting(CommandLineResult::exitCode).isEqualTo(0);
  }

  @Test
  void reportsThatDoNotFitAndFilesThatAreNoneAreSaid() throws Exception {
    Path other = directory.resolve("other.json");
    JsonObject json = json("b");
    json.addProperty("target", "elsewhere:1");
    Files.writeString(other, json.toString());

    assertThat(merge(file("a"), other.toString()).err())
        .matches(
            ".*other.json: target elsewhere:1 \\(expected: 127.0.0.1:\\d+, as in .*a.json\\)\\R");
    assertThat(merge("missing.json"))
        .isEqualTo(
            new CommandLineResult(
                2,
                "",
                "missing.json: cannot be read (expected: a report as JSON)"
                    + System.lineSeparator()));
  }

  private static CommandLineResult merge(String... args) {
    String[] all = new String[args.length + 1];
    all[0] = "merge";
    System.arraycopy(args, 0, all, 1, args.length);
    return CommandLineResult.of(all);
  }

  private static long acknowledged(JsonObject report) {
    return report
        .getAsJsonObject("timings")
        .getAsJsonObject("acknowledge")
        .get("count")
        .getAsLong();
  }

  private static JsonObject json(String name) throws Exception {
    return JsonParser.parseString(Files.readString(Path.of(file(name)))).getAsJsonObject();
  }

  private static String file(String name) {
    return directory.resolve(name + ".json").toString();
  }
}
