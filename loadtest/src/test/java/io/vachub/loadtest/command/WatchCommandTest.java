package io.vachub.loadtest.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.vachub.loadtest.Browser;
import io.vachub.loadtest.MetricsServer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchCommandTest {

  @TempDir private Path directory;
  private MetricsServer pod;

  @BeforeEach
  void startPod() throws Exception {
    pod = MetricsServer.start("127.0.0.1", 0).streams(7).messagesPerRead(10);
  }

  @AfterEach
  void stopPod() {
    pod.close();
  }

  @Test
  void writesALineForEachReadingAndEveryReport() throws Exception {
    CommandLineResult result =
        CommandLineResult.of(
            "watch",
            pod.address(),
            "--interval=200ms",
            "--duration=1s",
            "--json=" + directory.resolve("json"),
            "--csv=" + directory.resolve("csv"),
            "--html=" + directory.resolve("report.html"));

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(result.out().lines())
        .hasSizeGreaterThan(2)
        .allMatch(line -> line.matches("00:0\\d streams=7 pods=1 silent=0 max_over_mean=1.00 .*"));
    JsonObject json =
        JsonParser.parseString(Files.readString(directory.resolve("json"))).getAsJsonObject();
    assertThat(json.get("messages").getAsLong()).isEqualTo((pod.reads() - 1) * 10);
    assertThat(json.getAsJsonArray("series")).hasSize((int) pod.reads() - 1);
    assertThat(Files.readAllLines(directory.resolve("csv"))).hasSize((int) pod.reads());
    assertThat(Browser.dom(directory, directory.resolve("report.html").toUri()))
        .contains("○ ended", "<th>" + pod.address() + "</th>");
  }

  /** Whose rate would be of a moment only. */
  @Test
  void theLastIntervalIsNotMuchShorterThanTheOthers() throws Exception {
    CommandLineResult result =
        CommandLineResult.of(
            "watch",
            pod.address(),
            "--interval=500ms",
            "--duration=1050ms",
            "--json=" + directory.resolve("json"));

    assertThat(result.exitCode()).isZero();
    double before = 0;
    for (JsonElement sample :
        JsonParser.parseString(Files.readString(directory.resolve("json")))
            .getAsJsonObject()
            .getAsJsonArray("series")) {
      double seconds = sample.getAsJsonObject().get("second").getAsDouble();
      assertThat(seconds - before).isGreaterThan(0.2);
      before = seconds;
    }
    assertThat(before).isPositive();
  }

  @Test
  void oneReadingIsThereHoweverShortTheWatch() throws Exception {
    CommandLineResult.of(
        "watch",
        pod.address(),
        "--interval=1h",
        "--duration=1ms",
        "--json=" + directory.resolve("json"));

    assertThat(Files.readString(directory.resolve("json"))).contains("\"messages\": 10");
  }

  @Test
  void whatCannotBeWatchedIsSaid() {
    assertThat(CommandLineResult.of("watch", "127.0.0.1:70000").err())
        .isEqualToIgnoringNewLines(
            "NAME:PORT: 127.0.0.1:70000 (expected: http://host:port/path, or NAME:PORT or"
                + " NAME:PORT/path for every address of a name, with a port of 1 to 65535)");
    assertThat(
            CommandLineResult.of(
                    "watch", pod.address(), "--web=" + pod.port(), "--duration=1s", "--quiet")
                .err())
        .startsWith("--web: 127.0.0.1:%d: ".formatted(pod.port()))
        .endsWith("(expected: an address of this machine and a free port)\n");
  }

  /** The page is loaded once; what it shows in the end came after that. */
  @Test
  void thePageIsAliveInARealBrowser() throws Exception {
    try (LoadTestJvm watch = watch(List.of(), pod.address(), "--interval=200ms", "--web=0")) {
      await().atMost(60, TimeUnit.SECONDS).until(() -> watch.out().contains("live report at http"));
      String url =
          watch.out().lines().findFirst().orElseThrow().substring("live report at ".length());

      Browser.awaitTrue(
          directory,
          URI.create(url),
          """
          (() => {
            const tile = (name) => [...document.querySelectorAll("#tiles div")]
              .find((it) => it.firstChild.textContent === name).lastChild.textContent;
            return document.getElementById("verdict").textContent === "● live"
              && tile("streams open") === "7"
              && JSON.parse(document.getElementById("report").textContent).messages + 50
                < Number(document.querySelector("#pods tr:last-child td:nth-child(5)").textContent.replaceAll(",", ""));
          })()
          """);
      pod.streams(9);
      Browser.awaitTrue(
          directory,
          URI.create(url),
          "document.querySelector('#tiles strong').textContent === '9'");
    }
  }

  /** The name's addresses stand in a file that changes, as a headless Service's do. */
  @Test
  void podsThatComeAndGoShow() throws Exception {
    Path hosts = directory.resolve("hosts");
    int port = pod.port();
    MetricsServer going = MetricsServer.start("127.0.0.2", port).streams(1);
    MetricsServer coming = MetricsServer.start("127.0.0.3", port).streams(2).messages(40);
    Files.writeString(hosts, "127.0.0.1 pods.test\n127.0.0.2 pods.test\n");
    try (coming;
        LoadTestJvm watch =
            watch(
                List.of("-Djdk.net.hosts.file=" + hosts),
                "pods.test:" + port,
                "--interval=200ms",
                "--json=" + directory.resolve("json"))) {
      await().atMost(60, TimeUnit.SECONDS).until(() -> watch.out().contains("streams=8 pods=2 "));

      Files.writeString(hosts, "127.0.0.1 pods.test\n127.0.0.3 pods.test\n");
      await().atMost(60, TimeUnit.SECONDS).until(() -> watch.out().contains("streams=10 pods=3 "));
      going.close();
      await().atMost(60, TimeUnit.SECONDS).until(() -> watch.out().contains("streams=9 pods=2 "));
      watch.process().destroy();

      assertThat(watch.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(watch.process().exitValue()).isZero();
      assertThat(Files.readString(directory.resolve("json")))
          .contains("\"gone\"")
          .containsPattern("127.0.0.3:[^}]*\"messages\": 40");
    }
  }

  private LoadTestJvm watch(List<String> jvm, String... args) throws Exception {
    List<String> all = new ArrayList<>(List.of("watch"));
    all.addAll(List.of(args));
    return LoadTestJvm.start(directory, jvm, Map.of(), all.toArray(String[]::new));
  }
}
