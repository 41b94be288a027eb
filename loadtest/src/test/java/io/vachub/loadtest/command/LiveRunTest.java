package io.vachub.loadtest.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.vachub.loadtest.Browser;
import io.vachub.loadtest.OtlpReceiver;
import io.vachub.loadtest.StreamerServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be seen of a load from elsewhere while it runs. */
class LiveRunTest {

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

  /** The page is loaded once; what it shows in the end came after that. */
  @Test
  void thePageIsAliveInARealBrowserAndPrometheusFindsItsMetricsBesideIt() throws Exception {
    try (LoadTestJvm load = run(Map.of(), "--web=0", "--rpc=acknowledge", "--duration=0")) {
      URI page = URI.create(announced(load, "live report at "));
      Browser.awaitTrue(
          directory,
          page,
          """
          (() => {
            const tile = (name) => [...document.querySelectorAll("#tiles div")]
              .find((it) => it.firstChild.textContent === name).lastChild.textContent;
            return document.getElementById("verdict").textContent === "● live"
              && JSON.parse(document.getElementById("report").textContent).account.sent + 50
                < Number(tile("messages sent").replaceAll(",", ""));
          })()
          """);
      server.handOff("age");
      await()
          .atMost(60, TimeUnit.SECONDS)
          .untilAsserted(
              () ->
                  assertThat(get(page.resolve("/metrics")))
                      .contains("\nloadtest_handoffs_total{reason=\"age\"} 4"));

      String metrics = get(page.resolve("/metrics"));
      assertThat(metrics)
          .contains(
              "\nloadtest_streams_open 4",
              "\nloadtest_streams_planned 4",
              "\nloadtest_pod_streams_open{pod=\"pod-a\"} 4",
              "\nloadtest_streams_cut_total 0",
              "\nloadtest_streams_ended_total{outcome=\"handoff\"} 4",
              "\nloadtest_streams_ended_total{outcome=\"refused\"} 0",
              "\nloadtest_messages_unknown_total 0",
              "\nloadtest_messages_doubled_total 0",
              "\nloadtest_event_loop_delay_seconds_count ",
              "\nloadtest_process_stall_seconds_bucket{le=\"0.01\"} ",
              "\nloadtest_event_loop_busy_ratio ",
              "\nloadtest_cpu_seconds_total ",
              "\nloadtest_memory_peak_bytes ");
      // The load goes on while the page is filled.
      assertThat(value(metrics, "loadtest_messages_acknowledged_total"))
          .isPositive()
          .isCloseTo(value(metrics, "loadtest_response_time_seconds_count"), withinPercentage(10))
          .isCloseTo(value(metrics, "loadtest_messages_sent_total"), withinPercentage(10));
      promtoolHasNothingAgainst(metrics);
    }
  }

  @Test
  void metricsHaveAPortOfTheirOwnAndAreThereFromTheStart() throws Exception {
    try (LoadTestJvm load = run(Map.of(), "--metrics-port=0", "--duration=0", "--ramp=1/1h")) {
      String page = announced(load, "metrics at ");
      assertThat(page).endsWith("/metrics");
      assertThat(get(URI.create(page))).contains("loadtest_streams_cut_total 0");
    }
  }

  @Test
  void metricsArePushedToACollectorAndTheLastOfThemAreTheReports() throws Exception {
    try (OtlpReceiver collector = new OtlpReceiver();
        LoadTestJvm load =
            run(
                Map.of("OTEL_METRIC_EXPORT_INTERVAL", "500"),
                "--otlp=" + collector.httpUrl(),
                "--duration=3s")) {
      assertThat(load.process().waitFor(60, TimeUnit.SECONDS)).isTrue();

      assertThat(load.process().exitValue()).as(load.out()).isZero();
      assertThat(collector.pushes()).isGreaterThan(2);
      assertThat(sum(collector, "loadtest.messages.sent")).isEqualTo(server.processed());
      assertThat(sum(collector, "loadtest.messages.processed")).isEqualTo(server.processed());
      HistogramDataPoint lateness =
          collector.last().get("loadtest.lateness").getHistogram().getDataPoints(0);
      assertThat(lateness.getCount())
          .isEqualTo(server.processed())
          .isEqualTo(lateness.getBucketCountsList().stream().mapToLong(Long::longValue).sum());
      assertThat(collector.lastSender())
          .containsEntry("service.name", "vac-hub-loadtest")
          .containsKey("service.instance.id");
    }
  }

  @Test
  void theStandardEnvironmentIsEnough() throws Exception {
    try (OtlpReceiver collector = new OtlpReceiver();
        LoadTestJvm load =
            run(
                Map.of(
                    "OTEL_EXPORTER_OTLP_ENDPOINT",
                    collector.grpcUrl(),
                    "OTEL_EXPORTER_OTLP_PROTOCOL",
                    "grpc",
                    "OTEL_SERVICE_NAME",
                    "nightly"),
                "--duration=1s")) {
      assertThat(load.process().waitFor(60, TimeUnit.SECONDS)).isTrue();

      assertThat(load.process().exitValue()).as(load.out()).isZero();
      assertThat(sum(collector, "loadtest.messages.sent")).isEqualTo(server.processed());
      assertThat(collector.lastSender()).containsEntry("service.name", "nightly");
    }
  }

  @Test
  void aCollectorThatIsNotThereIsToldAndFailsNothing() throws Exception {
    try (LoadTestJvm load = run(Map.of(), "--otlp=http://127.0.0.1:1", "--duration=1s")) {
      assertThat(load.process().waitFor(60, TimeUnit.SECONDS)).isTrue();

      assertThat(load.process().exitValue()).as(load.out()).isZero();
      assertThat(load.out()).containsPattern("(?m)^OTLP: 1 of 1 pushes of metrics did not arrive");
    }
  }

  @Test
  void anEndpointThatIsNoneIsSaidBeforeTheLoad() {
    CommandLineResult result =
        CommandLineResult.of("run", server.address(), "--otlp=collector:4318");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .isEqualToIgnoringNewLines(
            "--otlp: collector:4318 (expected: the URL of an OTLP receiver:"
                + " http://127.0.0.1:4318)");
  }

  private LoadTestJvm run(Map<String, String> environment, String... options) throws Exception {
    List<String> args =
        new ArrayList<>(
            List.of("run", server.address(), "--plaintext", "--streams=4", "--rate=20"));
    args.addAll(List.of(options));
    return LoadTestJvm.start(directory, List.of(), environment, args.toArray(String[]::new));
  }

  private static String announced(LoadTestJvm load, String prefix) throws Exception {
    Pattern line = Pattern.compile("(?m)^" + prefix + "(http\\S+)$");
    await().atMost(60, TimeUnit.SECONDS).until(() -> line.matcher(load.out()).find());
    Matcher found = line.matcher(load.out());
    assertThat(found.find()).isTrue();
    return found.group(1);
  }

  private static String get(URI uri) throws Exception {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static double value(String page, String name) {
    return page.lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow();
  }

  private static long sum(OtlpReceiver collector, String name) {
    return collector.last().get(name).getSum().getDataPoints(0).getAsInt();
  }

  /** Prometheus' own parser and its opinion on names and units. */
  private static void promtoolHasNothingAgainst(String page) throws Exception {
    assumeThat(List.of("/usr/bin/promtool", "/usr/local/bin/promtool"))
        .as("promtool, of Prometheus")
        .anyMatch(path -> Files.isExecutable(Path.of(path)));
    Process promtool =
        new ProcessBuilder("promtool", "check", "metrics").redirectErrorStream(true).start();
    try (var stdin = promtool.getOutputStream()) {
      stdin.write(page.getBytes(StandardCharsets.UTF_8));
    }
    String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(promtool.waitFor()).as(said).isZero();
    assertThat(said).isEmpty();
  }
}
