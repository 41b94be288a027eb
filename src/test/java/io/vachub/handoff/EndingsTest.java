package io.vachub.handoff;

import static io.vachub.TestServer.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.BindableService;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vachub.BytesMarshaller;
import io.vachub.CapturesOutput;
import io.vachub.PythonClient;
import io.vachub.RawHttp2;
import io.vachub.ResettingProxy;
import io.vachub.TestServer;
import io.vachub.TestStream;
import io.vachub.policy.HandoffReason;
import io.vachub.proto.StreamerGrpc;
import io.vachub.proto.TextRequest;
import io.vachub.proto.TextResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.devh.boot.grpc.server.service.GrpcService;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.context.annotation.Bean;

/** Each end of a stream is counted once, under its true name, and told to the client as it was. */
@CapturesOutput
class EndingsTest {

  private static final MethodDescriptor<TextRequest, TextResponse> PROCESS =
      StreamerGrpc.getProcessTextStreamMethod();
  private static final MethodDescriptor<TextRequest, TextResponse> ACKNOWLEDGE =
      StreamerGrpc.getAcknowledgeTextStreamMethod();
  private static final MethodDescriptor<byte[], TextResponse> RAW_PROCESS = raw(PROCESS);
  private static final byte[] NO_MESSAGE = {(byte) 0xFF, (byte) 0xFF};
  private static final byte[] NO_FRAME = {(byte) 0xFF, 1, 2, 3, 4, 5, 6, 7};

  private static TestServer server;
  private static Map<Ending, Double> before;

  /** Ends its calls, and its handoffs, with whatever the client asks for. */
  static class Beans {

    static final MethodDescriptor<TextRequest, TextResponse> ANSWERS = method("Answers");
    static final MethodDescriptor<TextRequest, TextResponse> END_THROWS = method("EndThrows");
    static final MethodDescriptor<TextRequest, TextResponse> END_FAILS = method("EndFails");
    static final AtomicInteger told = new AtomicInteger();

    private static MethodDescriptor<TextRequest, TextResponse> method(String name) {
      return MethodDescriptor.<TextRequest, TextResponse>newBuilder()
          .setType(MethodType.BIDI_STREAMING)
          .setFullMethodName(MethodDescriptor.generateFullMethodName("test.Endings", name))
          .setRequestMarshaller(ProtoUtils.marshaller(TextRequest.getDefaultInstance()))
          .setResponseMarshaller(ProtoUtils.marshaller(TextResponse.getDefaultInstance()))
          .build();
    }

    @Bean
    @GrpcService
    BindableService endingsService() {
      return () ->
          ServerServiceDefinition.builder("test.Endings")
              .addMethod(
                  ANSWERS,
                  ServerCalls.asyncBidiStreamingCall(
                      responses ->
                          new Observer() {
                            @Override
                            public void onNext(TextRequest request) {
                              responses.onError(
                                  Status.Code.valueOf(request.getMessage())
                                      .toStatus()
                                      .asRuntimeException());
                            }
                          }))
              .addMethod(
                  END_THROWS,
                  ServerCalls.asyncBidiStreamingCall(
                      responses -> {
                        Handoff.onHandoff(
                            () -> {
                              throw new StackOverflowError("as the test wants");
                            });
                        return new Observer();
                      }))
              .addMethod(
                  END_FAILS,
                  ServerCalls.asyncBidiStreamingCall(
                      responses -> {
                        Handoff.onHandoff(
                            () -> responses.onError(Status.ABORTED.asRuntimeException()));
                        return new Observer();
                      }))
              .build();
    }
  }

  private static class Observer implements StreamObserver<TextRequest> {
    @Override
    public void onNext(TextRequest request) {}

    @Override
    public void onError(Throwable t) {
      Beans.told.incrementAndGet();
    }

    @Override
    public void onCompleted() {}
  }

  @BeforeAll
  static void start() {
    server =
        TestServer.startWith(
            Beans.class,
            "grpc.server.max-inbound-message-size=1KB",
            "grpc.server.keep-alive-time=1s",
            "grpc.server.keep-alive-timeout=1s");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void countBefore() {
    await().until(() -> server.metric("grpc_server_active_streams") == 0);
    before = count(server);
  }

  private static Map<Ending, Double> count(TestServer server) {
    Map<Ending, Double> counts = new EnumMap<>(Ending.class);
    for (Ending ending : Ending.values()) {
      counts.put(ending, ended(server, ending));
    }
    return counts;
  }

  private static double ended(TestServer server, Ending ending) {
    return server.metric("vachub_streams_ended_total{ending=\"" + ending.label() + "\"}");
  }

  /** That so many streams ended in this way, none in another, and the server cut what it did. */
  private static void awaitEnded(int streams, Ending expected) {
    Map<Ending, Double> counts = new EnumMap<>(before);
    counts.merge(expected, (double) streams, Double::sum);
    await()
        .atMost(20, TimeUnit.SECONDS)
        .untilAsserted(
            () -> {
              assertThat(count(server)).isEqualTo(counts);
              assertThat(server.metric("grpc_server_active_streams")).isZero();
            });
    assertThat(server.metric("vachub_streams_cut_total"))
        .isEqualTo(counts.get(Ending.SERVER_ERROR) + counts.get(Ending.FORCED));
  }

  private static <ReqT> TestStream<ReqT, TextResponse> open(
      MethodDescriptor<ReqT, TextResponse> method) {
    return TestStream.open(server.channel(), method);
  }

  /** A stream whose message is known to be with the service. */
  private static TestStream<TextRequest, TextResponse> acknowledged() {
    TestStream<TextRequest, TextResponse> stream = open(ACKNOWLEDGE).send(request("a", 1));
    await().until(() -> stream.answers().size() == 1);
    return stream;
  }

  private static void awaitOpen(int streams) {
    await().until(() -> server.metric("grpc_server_active_streams") == streams);
  }

  private static MethodDescriptor<byte[], TextResponse> raw(
      MethodDescriptor<TextRequest, TextResponse> method) {
    return method.toBuilder(new BytesMarshaller(), method.getResponseMarshaller()).build();
  }

  @Test
  void completed() {
    TestStream.End end = open(PROCESS).send(request("a", 1)).halfClose().end();

    assertThat(end.status().isOk()).isTrue();
    assertThat(end.handoff()).isNull();
    assertThat(end.messageCount()).isEqualTo("1");
    awaitEnded(1, Ending.COMPLETED);
  }

  @ParameterizedTest
  @EnumSource
  void handedOffWithOkIfTheClientAccepts(HandoffReason reason) {
    TestStream<TextRequest, TextResponse> stream = acknowledged();
    server.bean(OpenCalls.class).handOffAll(reason);

    TestStream.End end = stream.end();
    assertThat(end.status().isOk()).isTrue();
    assertThat(end.handoff()).isEqualTo(reason.label());
    assertThat(end.messageCount()).isEqualTo("1");
    awaitEnded(1, Ending.HANDED_OFF);
  }

  @ParameterizedTest
  @EnumSource
  void handedOffAsUnavailableIfTheClientIsSilent(HandoffReason reason) {
    String series =
        "vachub_streams_handed_off_total{client=\"silent\",reason=\"" + reason.label() + "\"}";
    double handedOff = server.metric(series);
    TestStream<TextRequest, TextResponse> stream =
        TestStream.openSilent(server.channel(), PROCESS)
            .send(request("a", 1))
            .send(request("a", 2));
    awaitOpen(1);
    stream.headers();
    server.bean(OpenCalls.class).handOffAll(reason);

    TestStream.End end = stream.end();
    assertThat(end.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(end.handoff()).isEqualTo(reason.label());
    int count = Integer.parseInt(end.messageCount());
    assertThat(count).isBetween(0, 2);
    assertThat(end.status().getDescription())
        .isEqualTo(
            "handed off (%s) after %s; open the stream again"
                .formatted(reason.label(), count == 1 ? "1 message" : count + " messages"));
    awaitEnded(1, Ending.HANDED_OFF);
    assertThat(server.metric(series)).isEqualTo(handedOff + 1);
  }

  @Test
  void cancelledByTheClient() {
    acknowledged().cancel();

    awaitEnded(1, Ending.CLIENT_CANCEL);
  }

  @Test
  void theClientsDeadlinePassed() {
    TestStream<TextRequest, TextResponse> stream =
        TestStream.open(
            server.channel(), PROCESS, CallOptions.DEFAULT.withDeadlineAfter(1, TimeUnit.SECONDS));
    stream.headers();

    assertThat(stream.end().status().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    awaitEnded(1, Ending.CLIENT_CANCEL);
  }

  /** NO_ERROR, INTERNAL_ERROR, CANCEL: what proxies send when their time is up. */
  @ParameterizedTest
  @ValueSource(ints = {0, 2, 8})
  void resetByAProxyInFront(int errorCode) {
    try (RawHttp2 client = new RawHttp2(server.grpcPort())) {
      client.call(1, PROCESS.getFullMethodName());
      awaitOpen(1);
      client.reset(1, errorCode);

      awaitEnded(1, Ending.CLIENT_CANCEL);
    }
  }

  @Test
  void theConnectionIsReset() throws IOException {
    try (ResettingProxy proxy = new ResettingProxy(server.grpcPort())) {
      ManagedChannel channel =
          ManagedChannelBuilder.forAddress("localhost", proxy.port()).usePlaintext().build();
      TestStream<TextRequest, TextResponse> stream = TestStream.open(channel, ACKNOWLEDGE);
      stream.headers();
      proxy.reset();

      awaitEnded(1, Ending.CONNECTION_LOST);
      channel.shutdownNow();
    }
  }

  @Test
  void theConnectionIsClosedByTheOtherEnd() {
    try (RawHttp2 client = new RawHttp2(server.grpcPort())) {
      client.call(1, PROCESS.getFullMethodName()).call(3, ACKNOWLEDGE.getFullMethodName());
      awaitOpen(2);
    }
    awaitEnded(2, Ending.CONNECTION_LOST);
  }

  @Test
  void theOtherEndAnswersNoPing() {
    try (RawHttp2 client = new RawHttp2(server.grpcPort())) {
      client.call(1, PROCESS.getFullMethodName());

      awaitEnded(1, Ending.CONNECTION_LOST);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theClientsProcessIsStopped(boolean byForce) throws IOException {
    Process client = PythonClient.start(server.grpcPort());
    try {
      await()
          .atMost(20, TimeUnit.SECONDS)
          .until(() -> server.metric("grpc_server_active_streams") == 3);
    } finally {
      if (byForce) {
        client.destroyForcibly();
      } else {
        client.destroy();
      }
    }
    awaitEnded(3, Ending.CONNECTION_LOST);
  }

  @Test
  void aMessageIsTooLarge() {
    TextRequest large = TextRequest.newBuilder().setMessage("x".repeat(2_000)).build();
    acknowledged().send(large).end();

    awaitEnded(1, Ending.CLIENT_ERROR);
  }

  @Test
  void aMessageCannotBeRead(CapturedOutput output) {
    int told = Beans.told.get();
    TestStream<byte[], TextResponse> stream =
        open(RAW_PROCESS).send(request("a", 1).toByteArray()).send(NO_MESSAGE);

    TestStream.End end = stream.end();
    assertThat(end.status().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(end.status().getDescription()).startsWith("Message that cannot be read: ");
    assertThat(end.messageCount()).isEqualTo("1");
    awaitEnded(1, Ending.CLIENT_ERROR);
    assertThat(output).doesNotContain("\tat ").doesNotContain("Exception");

    // The service is told that nothing more comes.
    assertThat(open(raw(Beans.END_FAILS)).send(NO_MESSAGE).end().status().getCode())
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
    await().until(() -> Beans.told.get() == told + 1);
    awaitEnded(2, Ending.CLIENT_ERROR);
  }

  @Test
  void theOnlyMessageOfAHealthCheckCannotBeRead(CapturedOutput output) {
    MethodDescriptor<byte[], ?> check =
        HealthGrpc.getCheckMethod().toBuilder(
                new BytesMarshaller(), HealthGrpc.getCheckMethod().getResponseMarshaller())
            .build();

    assertThat(
            TestStream.open(server.channel(), check)
                .send(NO_MESSAGE)
                .halfClose()
                .end()
                .status()
                .getCode())
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(output).doesNotContain("\tat ");
    awaitEnded(0, Ending.COMPLETED);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsSentIsNoGrpcMessage(boolean halfClosed) {
    try (RawHttp2 client = new RawHttp2(server.grpcPort())) {
      client.call(1, PROCESS.getFullMethodName());
      awaitOpen(1);
      if (halfClosed) {
        client.lastData(1, NO_FRAME);
      } else {
        client.data(1, NO_FRAME);
      }
      awaitEnded(1, Ending.CLIENT_ERROR);
    }
  }

  @Test
  void aMessageEndsInItsMiddle() {
    byte[] message = RawHttp2.message(request("a", 1).toByteArray());
    try (RawHttp2 client = new RawHttp2(server.grpcPort())) {
      client.call(1, PROCESS.getFullMethodName());
      awaitOpen(1);
      client.lastData(1, Arrays.copyOf(message, message.length - 1));

      awaitEnded(1, Ending.CLIENT_ERROR);
    }
  }

  @Test
  void aMessageIsCompressedThoughTheCallSaysNothingOfIt() {
    byte[] message = RawHttp2.message(request("a", 1).toByteArray());
    message[0] = 1;
    try (RawHttp2 client = new RawHttp2(server.grpcPort())) {
      client.call(1, PROCESS.getFullMethodName());
      awaitOpen(1);
      client.data(1, message);

      awaitEnded(1, Ending.CLIENT_ERROR);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "OK, COMPLETED",
    "CANCELLED, CLIENT_CANCEL",
    "INVALID_ARGUMENT, CLIENT_ERROR",
    "NOT_FOUND, CLIENT_ERROR",
    "PERMISSION_DENIED, CLIENT_ERROR",
    "UNAUTHENTICATED, CLIENT_ERROR",
    "RESOURCE_EXHAUSTED, CLIENT_ERROR",
    "UNKNOWN, SERVER_ERROR",
    "INTERNAL, SERVER_ERROR",
    "UNAVAILABLE, SERVER_ERROR",
    "DEADLINE_EXCEEDED, SERVER_ERROR",
    "DATA_LOSS, SERVER_ERROR",
    "UNIMPLEMENTED, SERVER_ERROR",
  })
  void theServiceAnswersItself(Status.Code answer, Ending expected) {
    TextRequest request = TextRequest.newBuilder().setMessage(answer.name()).build();

    assertThat(open(Beans.ANSWERS).send(request).end().status().getCode()).isEqualTo(answer);
    awaitEnded(1, expected);
  }

  @Test
  void anEndThatThrowsAnErrorConcernsItsOwnCallAlone() {
    TestStream<TextRequest, TextResponse> faulty = open(Beans.END_THROWS).send(request("a", 1));
    faulty.headers();
    TestStream<TextRequest, TextResponse> next = acknowledged();
    awaitOpen(2);
    server.bean(OpenCalls.class).handOffAll(HandoffReason.DRAIN);

    assertThat(faulty.end().status().getCode()).isEqualTo(Status.Code.INTERNAL);
    assertThat(next.end().handoff()).isEqualTo("drain");
    before.merge(Ending.HANDED_OFF, 1.0, Double::sum);
    awaitEnded(1, Ending.SERVER_ERROR);
  }

  @Test
  void anEndThatFailsIsNoHandoff() {
    TestStream<TextRequest, TextResponse> stream = open(Beans.END_FAILS).send(request("a", 1));
    stream.headers();
    awaitOpen(1);
    server.bean(OpenCalls.class).handOffAll(HandoffReason.AGE);

    TestStream.End end = stream.end();
    assertThat(end.status().getCode()).isEqualTo(Status.Code.ABORTED);
    assertThat(end.handoff()).isNull();
    awaitEnded(1, Ending.SERVER_ERROR);
  }

  /** Neither until its connection's grace, nor until a drain's. */
  @Test
  void aClientThatDoesNotReadTheEndOfItsStreamIsReset() {
    try (TestServer draining =
            TestServer.start("vachub.drain.spread=1s", "grpc.server.shutdown-grace-period=10m");
        RawHttp2 client = new RawHttp2(draining.grpcPort()).takingNothing()) {
      Counter endedByClient =
          draining
              .bean(MeterRegistry.class)
              .get("vachub.streams.ended")
              .tag("ending", "client_error")
              .counter();
      client.call(1, ACKNOWLEDGE.getFullMethodName(), "vachub-handoff", "accept");
      client.data(1, RawHttp2.message(request("a", 1).toByteArray()));
      await().until(() -> draining.metric("app_message_processed_count_total") == 1);
      draining.shutdown();

      assertThat(endedByClient.count()).isEqualTo(1);
    }
  }

  @Test
  void closedByForceAtTheConnectionsAge() {
    try (TestServer aging =
        TestServer.start(
            "grpc.server.max-connection-age=1s",
            "grpc.server.max-connection-age-grace=1s",
            "vachub.server.handshake-timeout=100ms",
            "vachub.handoff.enabled=false")) {
      TestStream<TextRequest, TextResponse> stream =
          TestStream.open(aging.channel(), PROCESS).send(request("a", 1));

      assertThat(stream.end().status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      await().until(() -> ended(aging, Ending.FORCED) == 1);
      assertThat(aging.metric("vachub_streams_cut_total")).isEqualTo(1);
    }
  }

  @Test
  void aConnectionThatBreaksBeforeItsAgeIsLostAndNotClosedByForce() {
    try (TestServer aging =
        TestServer.start(
            "grpc.server.max-connection-age=10s", "vachub.server.handshake-timeout=100ms")) {
      try (RawHttp2 client = new RawHttp2(aging.grpcPort())) {
        client.call(1, PROCESS.getFullMethodName());
        await().until(() -> aging.metric("grpc_server_active_streams") == 1);
      }
      await().until(() -> ended(aging, Ending.CONNECTION_LOST) == 1);
      assertThat(aging.metric("vachub_streams_cut_total")).isZero();
    }
  }

  @Test
  void everyStreamIsOnOnePageOrTheOther() {
    List<TestStream<TextRequest, TextResponse>> streams =
        List.of(open(PROCESS), open(ACKNOWLEDGE), open(PROCESS));
    streams.forEach(TestStream::headers);
    streams.forEach(TestStream::cancel);

    awaitEnded(3, Ending.CLIENT_CANCEL);
  }
}
