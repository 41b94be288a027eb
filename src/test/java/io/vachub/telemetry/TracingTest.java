package io.vachub.telemetry;

import static io.vachub.TestServer.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.autoconfigure.spi.AutoConfigurationCustomizerProvider;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.vachub.TestServer;
import io.vachub.TestStream;
import io.vachub.proto.StreamerGrpc;
import io.vachub.proto.TextRequest;
import io.vachub.proto.TextResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@ExtendWith(OutputCaptureExtension.class)
class TracingTest {

  private static final String EXPORTER = "OtlpHttpSpanExporter";

  private static final InMemorySpanExporter SPANS = InMemorySpanExporter.create();

  static class Beans {

    @Bean
    AutoConfigurationCustomizerProvider spansInMemory() {
      return customizer ->
          customizer.addTracerProviderCustomizer(
              (tracers, config) -> tracers.addSpanProcessor(SimpleSpanProcessor.create(SPANS)));
    }
  }

  @Test
  void aCallIsOneSpanWithoutAnEventPerMessageAndItsLogLinesNameIt(CapturedOutput output) {
    SPANS.reset();
    try (TestServer server =
        TestServer.startWith(Beans.class, "spring.profiles.active=json-logs")) {
      TestStream<TextRequest, TextResponse> stream =
          TestStream.open(server.channel(), StreamerGrpc.getProcessTextStreamMethod());
      IntStream.range(0, 500).forEach(i -> stream.send(request("traced", i)));
      stream.halfClose().end();
      HealthGrpc.newBlockingStub(server.channel()).check(HealthCheckRequest.getDefaultInstance());
      await().until(() -> !SPANS.getFinishedSpanItems().isEmpty());

      assertThat(SPANS.getFinishedSpanItems()).hasSize(1);
      SpanData span = SPANS.getFinishedSpanItems().get(0);
      assertThat(span.getKind()).isEqualTo(SpanKind.SERVER);
      assertThat(span.getName()).isEqualTo("streaming.Streamer/ProcessTextStream");
      assertThat(span.getEvents()).isEmpty();

      await().untilAsserted(() -> assertThat(output).contains("[Client: traced"));
      JsonNode line =
          output
              .getOut()
              .lines()
              .filter(each -> each.contains("[Client: traced"))
              .map(each -> JsonMapper.shared().readTree(each))
              .findFirst()
              .orElseThrow();
      assertThat(line.get("severity").asString()).isEqualTo("INFO");
      assertThat(line.get("message").asString()).contains("Stream opened. Active streams: 1");
      assertThat(line.get("logging.googleapis.com/trace").asString()).endsWith(span.getTraceId());
      assertThat(line.get("logging.googleapis.com/spanId").asString()).isEqualTo(span.getSpanId());
      assertThat(line.get("logging.googleapis.com/trace_sampled").asBoolean()).isTrue();
      assertThat(line.has("time")).isTrue();
    }
  }

  @Test
  void spansAreExportedToAnEndpoint() throws IOException {
    List<String> received = new CopyOnWriteArrayList<>();
    HttpServer collector =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext(
        "/",
        exchange -> {
          received.add(
              exchange.getRequestURI()
                  + " "
                  + new String(
                      exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    collector.start();
    try (TestServer server =
        TestServer.start(
            "otel.exporter.otlp.endpoint=http://127.0.0.1:" + collector.getAddress().getPort())) {
      assertThat(exporters(server)).contains(EXPORTER);
      TestStream.open(server.channel(), StreamerGrpc.getProcessTextStreamMethod())
          .send(request("a", 1))
          .halfClose()
          .end();
      await()
          .atMost(30, TimeUnit.SECONDS)
          .untilAsserted(
              () ->
                  assertThat(received)
                      .anySatisfy(
                          request ->
                              assertThat(request)
                                  .startsWith("/v1/traces")
                                  .contains("streaming.Streamer/ProcessTextStream", "vac-hub")));
    } finally {
      collector.stop(0);
    }
  }

  @Test
  void withoutAnEndpointNobodyTriesToExport() {
    try (TestServer server = TestServer.start()) {
      assertThat(exporters(server)).doesNotContain(EXPORTER);
    }
  }

  private static String exporters(TestServer server) {
    return server.bean(OpenTelemetry.class).toString();
  }
}
