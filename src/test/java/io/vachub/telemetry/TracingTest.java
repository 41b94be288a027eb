package io.vachub.telemetry;

import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;
import static io.vachub.TestServer.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.grpc.BindableService;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.MetadataUtils;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.autoconfigure.spi.AutoConfigurationCustomizerProvider;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.vachub.CapturesOutput;
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
import net.devh.boot.grpc.server.service.GrpcService;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@CapturesOutput
class TracingTest {

  /** A new one for each server, whose end stops it. */
  private static InMemorySpanExporter spans;

  private static final MethodDescriptor<TextRequest, TextResponse> THROWS =
      StreamerGrpc.getProcessTextStreamMethod().toBuilder()
          .setFullMethodName("test.Service/Throws")
          .build();
  private static final MethodDescriptor<TextRequest, TextResponse> TELLS_BAGGAGE =
      StreamerGrpc.getProcessTextStreamMethod().toBuilder()
          .setFullMethodName("test.Service/TellsBaggage")
          .build();
  private static final String EXPORTER = "OtlpHttpSpanExporter";

  static class Beans {

    @Bean
    @GrpcService
    BindableService throwing() {
      return () ->
          ServerServiceDefinition.builder("test.Service")
              .addMethod(
                  THROWS,
                  (call, headers) -> {
                    throw new IllegalStateException("as the test wants");
                  })
              .addMethod(
                  TELLS_BAGGAGE,
                  (call, headers) -> {
                    String size = Integer.toString(Baggage.current().size());
                    call.close(Status.OK.withDescription(size), new Metadata());
                    return new ServerCall.Listener<>() {};
                  })
              .build();
    }

    @Bean
    AutoConfigurationCustomizerProvider spansInMemory() {
      return customizer ->
          customizer.addTracerProviderCustomizer(
              (tracers, config) -> tracers.addSpanProcessor(SimpleSpanProcessor.create(spans)));
    }
  }

  @BeforeEach
  void recordSpans() {
    spans = InMemorySpanExporter.create();
  }

  private static SpanData awaitSpan() {
    await().until(() -> !spans.getFinishedSpanItems().isEmpty());
    assertThat(spans.getFinishedSpanItems()).hasSize(1);
    return spans.getFinishedSpanItems().get(0);
  }

  @Test
  void aCallIsOneSpanWithoutAnEventPerMessageAndItsLogLinesNameIt(CapturedOutput output) {
    try (TestServer server =
        TestServer.startWith(
            Beans.class, "spring.profiles.active=json-logs", "otel.traces.sampler=always_on")) {
      TestStream<TextRequest, TextResponse> stream =
          TestStream.open(server.channel(), StreamerGrpc.getProcessTextStreamMethod());
      IntStream.range(0, 500).forEach(i -> stream.send(request("traced", i)));
      stream.halfClose().end();
      HealthGrpc.newBlockingStub(server.channel()).check(HealthCheckRequest.getDefaultInstance());
      SpanData span = awaitSpan();

      assertThat(span.getKind()).isEqualTo(SpanKind.SERVER);
      assertThat(span.getName()).isEqualTo("streaming.Streamer/ProcessTextStream");
      assertThat(span.getEvents()).isEmpty();
      assertThat(span.getAttributes().asMap())
          .containsEntry(stringKey("rpc.system"), "grpc")
          .containsEntry(stringKey("rpc.service"), "streaming.Streamer")
          .containsEntry(stringKey("rpc.method"), "ProcessTextStream")
          .containsEntry(stringKey("network.peer.address"), "127.0.0.1")
          .containsEntry(longKey("rpc.grpc.status_code"), 0L);

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
  void aSpanBelongsToTheTraceOfItsClientAndTellsHowTheCallEnded() {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER),
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    SpanData span;
    try (TestServer server =
        TestServer.startWith(Beans.class, "otel.traces.sampler=parentbased_always_off")) {
      Channel client =
          ClientInterceptors.intercept(
              server.channel(), MetadataUtils.newAttachHeadersInterceptor(headers));
      TestStream<TextRequest, TextResponse> stream =
          TestStream.open(client, StreamerGrpc.getAcknowledgeTextStreamMethod());
      stream.send(request("traced", 1));
      await().until(() -> !stream.answers().isEmpty());
      stream.cancel();
      span = awaitSpan();
    }

    assertThat(span.getTraceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
    assertThat(span.getParentSpanId()).isEqualTo("b7ad6b7169203331");
    assertThat(span.getAttributes().get(longKey("rpc.grpc.status_code")))
        .isEqualTo(Status.Code.CANCELLED.value());
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
  }

  @Test
  void otherPropagatorsAreKnownAndHeadersThatNobodyCanReadHarmNone() {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("uber-trace-id", Metadata.ASCII_STRING_MARSHALLER),
        "0af7651916cd43dd8448eb211c80319c:b7ad6b7169203331:0:1");
    headers.put(
        Metadata.Key.of("uberctx-a-bin", Metadata.BINARY_BYTE_MARSHALLER), new byte[] {0, 1});
    SpanData span;
    try (TestServer server =
        TestServer.startWith(
            Beans.class, "otel.traces.sampler=always_on", "otel.propagators=b3,jaeger")) {
      Channel client =
          ClientInterceptors.intercept(
              server.channel(), MetadataUtils.newAttachHeadersInterceptor(headers));
      assertThat(
              TestStream.open(client, StreamerGrpc.getProcessTextStreamMethod())
                  .send(request("traced", 1))
                  .halfClose()
                  .end()
                  .status()
                  .isOk())
          .isTrue();
      span = awaitSpan();
    }

    assertThat(span.getTraceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
  }

  @ParameterizedTest
  @CsvSource({"'', 0", "'otel.propagators=tracecontext,baggage', 2"})
  void baggageIsKeptOnlyIfItIsAskedFor(String property, String size) {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("baggage", Metadata.ASCII_STRING_MARSHALLER), "a=1,b=2");
    String[] properties = property.isEmpty() ? new String[0] : new String[] {property};
    try (TestServer server = TestServer.startWith(Beans.class, properties)) {
      Channel client =
          ClientInterceptors.intercept(
              server.channel(), MetadataUtils.newAttachHeadersInterceptor(headers));
      assertThat(TestStream.open(client, TELLS_BAGGAGE).end().status().getDescription())
          .isEqualTo(size);
    }
  }

  @Test
  void aHandlerThatThrowsMakesItsSpanAnError() {
    SpanData span;
    try (TestServer server = TestServer.startWith(Beans.class, "otel.traces.sampler=always_on")) {
      TestStream.open(server.channel(), THROWS).end();
      span = awaitSpan();
    }

    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(span.getAttributes().get(longKey("rpc.grpc.status_code")))
        .isEqualTo(Status.Code.UNKNOWN.value());
    assertThat(span.getEvents()).singleElement().returns("exception", EventData::getName);
  }

  @Test
  void withoutAnEndpointLogLinesStillNameTheirTrace(CapturedOutput output) {
    try (TestServer server = TestServer.start("spring.profiles.active=json-logs")) {
      TestStream.open(server.channel(), StreamerGrpc.getProcessTextStreamMethod())
          .send(request("unsampled", 1))
          .halfClose()
          .end();
      await().untilAsserted(() -> assertThat(output).contains("[Client: unsampled"));
    }
    assertThat(output.getOut().lines().filter(line -> line.contains("[Client: unsampled")))
        .allSatisfy(
            line -> {
              JsonNode json = JsonMapper.shared().readTree(line);
              assertThat(json.get("logging.googleapis.com/trace").asString()).hasSize(32);
              assertThat(json.get("logging.googleapis.com/trace_sampled").asBoolean()).isFalse();
            });
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
