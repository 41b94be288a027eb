package io.vachub.streams;

import static io.vachub.TestServer.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.CallOptions;
import io.grpc.Deadline;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.channelz.v1.ChannelzGrpc;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.services.ChannelzService;
import io.grpc.reflection.v1alpha.ServerReflectionGrpc;
import io.grpc.reflection.v1alpha.ServerReflectionRequest;
import io.vachub.BytesMarshaller;
import io.vachub.PythonClient;
import io.vachub.ResettingProxy;
import io.vachub.TestServer;
import io.vachub.TestStream;
import io.vachub.handoff.OpenCalls;
import io.vachub.proto.StreamerGrpc;
import io.vachub.proto.TextRequest;
import io.vachub.proto.TextResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import net.devh.boot.grpc.server.service.GrpcService;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** The gauge goes up once when a call is accepted and down once however it ends. */
class ActiveStreamsTest {

  private static final MethodDescriptor<TextRequest, TextResponse> PROCESS =
      StreamerGrpc.getProcessTextStreamMethod();
  private static final MethodDescriptor<TextRequest, TextResponse> ACKNOWLEDGE =
      StreamerGrpc.getAcknowledgeTextStreamMethod();

  private static final int STORM = Boolean.getBoolean("vachub.proof.long") ? 200_000 : 20_000;

  private static TestServer server;

  @Import(FaultyService.class)
  static class Beans {

    @Bean
    @GrpcService
    ChannelzService channelz() {
      return ChannelzService.newInstance(100);
    }
  }

  @BeforeAll
  static void start() {
    server = TestServer.startWith(Beans.class, "grpc.server.max-inbound-message-size=1KB");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @AfterEach
  void nothingIsLeftOpen() {
    awaitGauge(0);
  }

  private static double gauge() {
    return server.metric("grpc_server_active_streams");
  }

  private static void awaitGauge(int expected) {
    await()
        .atMost(20, TimeUnit.SECONDS)
        .untilAsserted(() -> assertThat(gauge()).isEqualTo(expected));
  }

  private static TestStream<TextRequest, TextResponse> counted(
      MethodDescriptor<TextRequest, TextResponse> method) {
    TestStream<TextRequest, TextResponse> stream =
        TestStream.open(server.channel(), method).send(request("a", 1));
    awaitGauge(1);
    return stream;
  }

  @Test
  void isThereAtZeroBeforeTheFirstCallAsOneSeriesWithoutLabels() {
    try (TestServer fresh = TestServer.start()) {
      assertThat(
              fresh.scrape().lines().filter(line -> line.startsWith("grpc_server_active_streams")))
          .containsExactly("grpc_server_active_streams 0.0");
    }
  }

  @Test
  void completed() {
    assertThat(counted(PROCESS).halfClose().end().status().isOk()).isTrue();
  }

  @Test
  void cancelledByTheClient() {
    counted(ACKNOWLEDGE).cancel();
  }

  @Test
  void deadlineExceeded() {
    TestStream<TextRequest, TextResponse> stream =
        TestStream.open(
            server.channel(),
            PROCESS,
            CallOptions.DEFAULT.withDeadline(Deadline.after(1, TimeUnit.SECONDS)));
    awaitGauge(1);
    assertThat(stream.end().status().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
  }

  @Test
  void connectionReset() throws IOException {
    try (ResettingProxy proxy = new ResettingProxy(server.grpcPort())) {
      ManagedChannel channel =
          ManagedChannelBuilder.forAddress("localhost", proxy.port()).usePlaintext().build();
      try {
        TestStream<TextRequest, TextResponse> stream =
            TestStream.open(channel, ACKNOWLEDGE).send(request("a", 1));
        awaitGauge(1);
        proxy.reset();
        assertThat(stream.end().status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      } finally {
        channel.shutdownNow();
      }
    }
  }

  @Test
  void clientProcessKilled() throws IOException {
    Process client = PythonClient.start(server.grpcPort());
    try {
      awaitGauge(3);
    } finally {
      client.destroyForcibly();
    }
  }

  @Test
  void handlerThrowsInStartCall() {
    endsUnknown(FaultyService.THROWS_IN_START_CALL);
  }

  @Test
  void handlerThrowsInOnMessage() {
    endsUnknown(FaultyService.THROWS_IN_ON_MESSAGE);
  }

  @Test
  void handlerThrowsInOnHalfClose() {
    endsUnknown(FaultyService.THROWS_IN_ON_HALF_CLOSE);
  }

  @Test
  void handlerReturnsNoListener() {
    endsUnknown(FaultyService.RETURNS_NO_LISTENER);
  }

  @Test
  void interceptorBehindThrows() {
    endsUnknown(FaultyService.INTERCEPTOR_THROWS);
  }

  @Test
  void handlerThrowsInOnCancel() {
    counted(FaultyService.THROWS_IN_ON_CANCEL).cancel();
  }

  private static void endsUnknown(MethodDescriptor<TextRequest, TextResponse> method) {
    double cut = server.metric("vachub_streams_cut_total");
    Status status =
        TestStream.open(server.channel(), method).send(request("a", 1)).halfClose().end().status();
    assertThat(status.getCode()).isEqualTo(Status.Code.UNKNOWN);
    await().until(() -> server.metric("vachub_streams_cut_total") == cut + 1);
  }

  @Test
  void messageTooLarge() {
    TextRequest large = TextRequest.newBuilder().setMessage("x".repeat(2_000)).build();
    assertThat(counted(PROCESS).send(large).end().status().getCode())
        .isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.CANCELLED);
  }

  @Test
  void invalidProtobuf() {
    MethodDescriptor<byte[], TextResponse> raw =
        PROCESS.toBuilder(new BytesMarshaller(), PROCESS.getResponseMarshaller()).build();
    TestStream<byte[], TextResponse> stream =
        TestStream.open(server.channel(), raw).send(new byte[] {(byte) 0xFF, (byte) 0xFF});
    assertThat(stream.end().status().getCode())
        .isIn(Status.Code.INTERNAL, Status.Code.UNKNOWN, Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void unknownMethod() {
    MethodDescriptor<TextRequest, TextResponse> unknown =
        PROCESS.toBuilder().setFullMethodName("streaming.Streamer/NoSuchMethod").build();
    assertThat(TestStream.open(server.channel(), unknown).end().status().getCode())
        .isEqualTo(Status.Code.UNIMPLEMENTED);
    assertThat(gauge()).isZero();
  }

  @Test
  void serverShutdown() {
    TestServer going =
        TestServer.start("vachub.handoff.enabled=false", "grpc.server.shutdown-grace-period=500ms");
    ActiveStreams streams = going.bean(ActiveStreams.class);
    TestStream<TextRequest, TextResponse> stream =
        TestStream.open(going.channel(), PROCESS).send(request("a", 1));
    await().until(() -> streams.count() == 1);
    going.close();

    assertThat(stream.end().status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    await().until(() -> streams.count() == 0);
  }

  @Test
  void healthReflectionAndChannelzDoNotCount() {
    ManagedChannel channel = server.channel();
    var health = TestStream.open(channel, HealthGrpc.getWatchMethod());
    health.send(HealthCheckRequest.getDefaultInstance()).halfClose();
    var reflection = TestStream.open(channel, ServerReflectionGrpc.getServerReflectionInfoMethod());
    reflection.send(ServerReflectionRequest.newBuilder().setListServices("").build());
    await().until(() -> health.answers().size() == 1 && reflection.answers().size() == 1);
    assertThat(
            ChannelzGrpc.newBlockingStub(channel)
                .getServers(io.grpc.channelz.v1.GetServersRequest.getDefaultInstance())
                .getServerCount())
        .isPositive();

    assertThat(gauge()).isZero();
    health.cancel();
    reflection.cancel();
  }

  @Test
  void aStormOfStreamsThatEndInRandomWays() throws Exception {
    ActiveStreams streams = server.bean(ActiveStreams.class);
    double startedBefore = started();
    double endedBefore = ended();
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(9);
    Future<Integer> lowest =
        threads.submit(
            () -> {
              int low = 0;
              while (!done.get()) {
                low = Math.min(low, streams.count());
                Thread.onSpinWait();
              }
              return low;
            });
    List<Callable<Void>> clients = new ArrayList<>();
    for (int thread = 0; thread < 8; thread++) {
      clients.add(
          () -> {
            ManagedChannel channel = server.channel();
            for (int i = 0; i < STORM / 8; i++) {
              endInARandomWay(channel);
            }
            return null;
          });
    }
    for (Future<Void> client : threads.invokeAll(clients)) {
      client.get();
    }
    await().atMost(30, TimeUnit.SECONDS).until(() -> streams.count() == 0);
    done.set(true);

    assertThat(lowest.get()).isZero();
    assertThat(server.bean(OpenCalls.class).count()).isZero();
    assertThat(started() - startedBefore).isPositive();
    assertThat(ended() - endedBefore).isEqualTo(started() - startedBefore);
    threads.shutdown();
  }

  /** As gRPC itself counts them. */
  private static double started() {
    return sum("grpc_server_call_started_total");
  }

  private static double ended() {
    return sum("vachub_streams_ended_total");
  }

  private static double sum(String metric) {
    return server
        .scrape()
        .lines()
        .filter(line -> line.startsWith(metric + "{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  private static void endInARandomWay(ManagedChannel channel) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    switch (random.nextInt(6)) {
      case 0 -> TestStream.open(channel, PROCESS).send(request("a", 1)).halfClose().end();
      case 1 -> TestStream.open(channel, ACKNOWLEDGE).send(request("a", 1)).cancel();
      case 2 -> TestStream.open(channel, PROCESS).cancel();
      case 3 ->
          TestStream.open(
                  channel,
                  ACKNOWLEDGE,
                  CallOptions.DEFAULT.withDeadlineAfter(
                      random.nextInt(1, 3_000), TimeUnit.MICROSECONDS))
              .send(request("a", 1))
              .end();
      case 4 ->
          TestStream.open(channel, FaultyService.THROWS_IN_ON_MESSAGE).send(request("a", 1)).end();
      default -> TestStream.open(channel, FaultyService.THROWS_IN_START_CALL).end();
    }
  }
}
