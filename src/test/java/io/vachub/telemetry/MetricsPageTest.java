package io.vachub.telemetry;

import static io.vachub.TestServer.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.vachub.TestServer;
import io.vachub.TestStream;
import io.vachub.proto.StreamerGrpc;
import io.vachub.proto.TextRequest;
import io.vachub.proto.TextResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MetricsPageTest {

  private static TestServer server;

  @BeforeAll
  static void start() {
    server = TestServer.start();
    for (var method :
        List.of(
            StreamerGrpc.getProcessTextStreamMethod(),
            StreamerGrpc.getAcknowledgeTextStreamMethod())) {
      TestStream.open(server.channel(), method).send(request("a", 1)).halfClose().end();
    }
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void showsEachMetricWithItsTypeAndUnit() {
    Map<String, PrometheusPageParser.Family> families = PrometheusPageParser.parse(server.scrape());

    assertThat(type(families, "grpc_server_active_streams")).isEqualTo("gauge");
    assertThat(type(families, "grpc_server_stream_utilization")).isEqualTo("gauge");
    assertThat(type(families, "grpc_server_connections")).isEqualTo("gauge");
    assertThat(type(families, "app_message_processed_count")).isEqualTo("counter");
    assertThat(type(families, "grpc_server_call_started")).isEqualTo("counter");
    assertThat(type(families, "grpc_server_call_duration_seconds")).isEqualTo("histogram");
    assertThat(type(families, "grpc_server_call_rcvd_total_compressed_message_size_bytes"))
        .isEqualTo("histogram");
    assertThat(type(families, "grpc_server_call_sent_total_compressed_message_size_bytes"))
        .isEqualTo("histogram");
    assertThat(type(families, "vachub_streams_handed_off")).isEqualTo("counter");
    assertThat(type(families, "vachub_streams_rejected")).isEqualTo("counter");
    assertThat(type(families, "vachub_streams_cut")).isEqualTo("counter");
    assertThat(families.get("vachub_streams_handed_off").labelValues("reason"))
        .contains("age", "connection_age", "rebalance", "drain");
    assertThat(families.get("vachub_streams_handed_off").labelValues("client"))
        .contains("accepts", "silent");
    assertThat(families.get("vachub_streams_ended").labelValues("ending"))
        .containsExactlyInAnyOrder(
            "completed",
            "handed_off",
            "client_cancel",
            "client_error",
            "connection_lost",
            "server_error",
            "forced");
  }

  private static String type(Map<String, PrometheusPageParser.Family> families, String name) {
    assertThat(families).containsKey(name);
    return families.get(name).type();
  }

  @Test
  void showsNoNameTwice() {
    List<String> names =
        server
            .scrape()
            .lines()
            .filter(line -> line.startsWith("# TYPE "))
            .map(line -> line.split(" ")[2])
            .toList();
    assertThat(names).doesNotHaveDuplicates().isNotEmpty();
  }

  @Test
  void tellsTheScrapersWhatAStreamsAgeIsMadeOf() {
    assertThat(server.scrape())
        .contains(
            "grpc_server_call_duration_seconds_bucket{grpc_method=\"streaming.Streamer/ProcessTextStream\","
                + "grpc_status=\"OK\",le=\"600.0\"}")
        .contains(
            "grpc_server_call_duration_seconds_bucket{grpc_method=\"streaming.Streamer/ProcessTextStream\","
                + "grpc_status=\"OK\",le=\"3600.0\"}");
  }

  @Test
  void countsConnections() {
    double before = server.metric("grpc_server_connections");
    ManagedChannel channel = server.channel();
    TestStream<TextRequest, TextResponse> stream =
        TestStream.open(channel, StreamerGrpc.getProcessTextStreamMethod());
    await().until(() -> server.metric("grpc_server_connections") == before + 1);
    stream.cancel();
    channel.shutdown();
    await().until(() -> server.metric("grpc_server_connections") == before);
  }

  @Test
  void staysTheSameSizeWith5000Streams() {
    assertThat(seriesOf(server.scrape())).isBetween(50L, 400L);
    ManagedChannel warmUp = server.channel();
    TestStream<TextRequest, TextResponse> cancelled =
        TestStream.open(warmUp, StreamerGrpc.getProcessTextStreamMethod());
    cancelled.headers();
    cancelled.cancel();
    await().until(() -> server.scrape().contains("grpc_status=\"CANCELLED\""));
    List<TestStream<TextRequest, TextResponse>> streams = new ArrayList<>();
    streams.add(
        TestStream.open(warmUp, StreamerGrpc.getProcessTextStreamMethod()).send(request("a", 1)));
    await().until(() -> server.metric("grpc_server_active_streams") == 1);
    long withOne = seriesBesidesGarbageCollection(server.scrape());

    for (int channel = 0; channel < 10; channel++) {
      ManagedChannel connection = server.channel();
      for (int i = 0; i < 500; i++) {
        streams.add(
            TestStream.open(connection, StreamerGrpc.getProcessTextStreamMethod())
                .send(request("client-" + i, i)));
      }
    }
    await()
        .atMost(60, TimeUnit.SECONDS)
        .until(() -> server.metric("grpc_server_active_streams") == 5_001);
    String page = server.scrape();
    assertThat(seriesOf(page)).isLessThan(400);
    assertThat(seriesBesidesGarbageCollection(page)).isEqualTo(withOne);

    streams.forEach(TestStream::cancel);
    await()
        .atMost(60, TimeUnit.SECONDS)
        .until(() -> server.metric("grpc_server_active_streams") == 0);
  }

  /** The JVM adds series when it first collects garbage for another cause. */
  private static long seriesBesidesGarbageCollection(String page) {
    return seriesOf(
        page.lines().filter(line -> !line.startsWith("jvm_gc_")).collect(Collectors.joining("\n")));
  }

  private static long seriesOf(String page) {
    return page.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).count();
  }

  @Test
  void actuatorShowsHealthInfoAndPrometheusOnly() {
    assertThat(server.get("/actuator/health").statusCode()).isEqualTo(200);
    assertThat(server.get("/actuator/info").statusCode()).isEqualTo(200);
    for (String endpoint :
        List.of(
            "env",
            "beans",
            "metrics",
            "heapdump",
            "loggers",
            "sbom",
            "sbom/application",
            "shutdown")) {
      assertThat(server.get("/actuator/" + endpoint).statusCode()).as(endpoint).isEqualTo(404);
    }
  }
}
