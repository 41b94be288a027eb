package io.vachub.server;

import static io.vachub.TestServer.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.BindableService;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vachub.CapturesOutput;
import io.vachub.TestServer;
import io.vachub.TestStream;
import io.vachub.proto.StreamerGrpc;
import io.vachub.proto.TextRequest;
import io.vachub.proto.TextResponse;
import io.vachub.streams.ActiveStreams;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import net.devh.boot.grpc.server.service.GrpcService;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.context.annotation.Bean;

@CapturesOutput
class DrainTest {

  private static TestStream<TextRequest, TextResponse> open(ManagedChannel channel) {
    TestStream<TextRequest, TextResponse> stream =
        TestStream.open(channel, StreamerGrpc.getProcessTextStreamMethod()).send(request("a", 1));
    stream.headers();
    return stream;
  }

  private static TestStream<HealthCheckRequest, HealthCheckResponse> watch(TestServer server) {
    TestStream<HealthCheckRequest, HealthCheckResponse> watch =
        TestStream.open(server.channel(), HealthGrpc.getWatchMethod());
    watch.send(HealthCheckRequest.getDefaultInstance()).halfClose();
    await().until(() -> !watch.answers().isEmpty());
    return watch;
  }

  private static boolean notServing(TestStream<HealthCheckRequest, HealthCheckResponse> watch) {
    return watch.answers().stream()
        .anyMatch(answer -> answer.getStatus() == ServingStatus.NOT_SERVING);
  }

  @Test
  void tellsTheRoutersAndServesOnInTheQuietPeriod() throws InterruptedException {
    try (TestServer server =
        TestServer.start("vachub.drain.quiet-period=1h", "grpc.server.shutdown-grace-period=-1s")) {
      ManagedChannel connected = server.channel();
      TestStream<TextRequest, TextResponse> before = open(connected);
      TestStream<HealthCheckRequest, HealthCheckResponse> watch = watch(server);
      Thread shutdown = new Thread(server::shutdown);
      shutdown.start();

      await().until(() -> notServing(watch));
      assertThat(server.get("/actuator/health/readiness").statusCode()).isEqualTo(503);
      assertThat(server.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
      // A stream that comes now is served all the same, if it knows of no handoffs.
      TestStream<TextRequest, TextResponse> late =
          TestStream.openSilent(connected, StreamerGrpc.getProcessTextStreamMethod());
      late.headers();
      assertThat(server.metric("grpc_server_active_streams")).isEqualTo(2);
      assertThat(before.ended()).isFalse();

      List.of(before, late).forEach(TestStream::cancel);
      watch.cancel();
      shutdown.interrupt();
      shutdown.join();
    }
  }

  @Test
  void handsEveryStreamOffAndEndsWhatIsNoStream() {
    try (TestServer server =
        TestServer.start("vachub.drain.spread=1s", "grpc.server.shutdown-grace-period=30s")) {
      List<TestStream<TextRequest, TextResponse>> streams =
          Stream.generate(() -> open(server.channel())).limit(10).toList();
      TestStream<TextRequest, TextResponse> silent =
          TestStream.openSilent(server.channel(), StreamerGrpc.getProcessTextStreamMethod());
      silent.headers();
      TestStream<HealthCheckRequest, HealthCheckResponse> watch = watch(server);
      var reflection =
          TestStream.open(server.channel(), ServerReflectionGrpc.getServerReflectionInfoMethod());

      CompletableFuture<Void> shutdown = CompletableFuture.runAsync(server::shutdown);

      for (TestStream<TextRequest, TextResponse> stream : streams) {
        assertThat(stream.end().status().isOk()).isTrue();
        assertThat(stream.end().handoff()).isEqualTo("drain");
        assertThat(stream.answers().get(0).getMessageCount()).isEqualTo(1);
      }
      assertThat(silent.end().handoff()).isEqualTo("drain");
      assertThat(watch.end().status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(reflection.end().status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      shutdown.orTimeout(20, TimeUnit.SECONDS).join();
    }
  }

  /** Balancers that are slow to learn find an open door until every stream is gone. */
  @Test
  void handsStreamsOffOneByOneOverTheSpreadWithTheDoorOpen() {
    try (TestServer server =
        TestServer.start("vachub.drain.spread=3s", "grpc.server.shutdown-grace-period=30s")) {
      List<TestStream<TextRequest, TextResponse>> streams =
          Stream.generate(() -> open(server.sharedChannel())).limit(10).toList();
      CompletableFuture<Void> shutdown = CompletableFuture.runAsync(server::shutdown);
      streams.get(0).end();

      // Evenly: half of them are left when the other half went.
      await().until(() -> streams.stream().filter(TestStream::ended).count() == 5);
      TestStream.End late =
          TestStream.open(server.channel(), StreamerGrpc.getProcessTextStreamMethod()).end();
      assertThat(late.status().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      assertThat(streams).anyMatch(stream -> !stream.ended());
      assertThat(streams).allMatch(stream -> "drain".equals(stream.end().handoff()));
      shutdown.orTimeout(20, TimeUnit.SECONDS).join();
    }
  }

  @Test
  void closesByForceWhatIsLeftAtTheEndAndSaysHowMany(CapturedOutput output) {
    try (TestServer server =
        TestServer.start("vachub.handoff.enabled=false", "grpc.server.shutdown-grace-period=1s")) {
      TestStream<TextRequest, TextResponse> stream = open(server.channel());
      ActiveStreams streams = server.bean(ActiveStreams.class);
      Counter cut = server.bean(MeterRegistry.class).get("vachub.streams.cut").counter();
      server.shutdown();

      assertThat(stream.end().status().getCode()).isEqualTo(Status.Code.CANCELLED);
      assertThat(streams.count()).isZero();
      assertThat(cut.count()).isEqualTo(1);
      await().untilAsserted(() -> assertThat(output).contains("Force-closing 1 stream"));
    }
  }

  @Test
  void theMetricsPageAnswersUntilTheLastStreamIsOver() {
    try (TestServer server =
        TestServer.start("vachub.handoff.enabled=false", "grpc.server.shutdown-grace-period=-1s")) {
      ManagedChannel channel = server.channel();
      TestStream<TextRequest, TextResponse> stream = open(channel);
      CompletableFuture<Void> shutdown = CompletableFuture.runAsync(server::shutdown);
      // It has seen GOAWAY.
      await().until(() -> channel.getState(false) == ConnectivityState.IDLE);

      assertThat(server.metric("grpc_server_active_streams")).isEqualTo(1);
      assertThat(stream.halfClose().end().status().isOk()).isTrue();
      shutdown.orTimeout(20, TimeUnit.SECONDS).join();
    }
  }

  @Test
  void theLastCountsAreScraped() {
    try (TestServer server =
        TestServer.start("vachub.drain.scrape-wait=5m", "grpc.server.shutdown-grace-period=10m")) {
      server.scrape();
      TestStream<TextRequest, TextResponse> stream = open(server.channel());
      CompletableFuture<Void> shutdown = CompletableFuture.runAsync(server::shutdown);
      assertThat(stream.end().handoff()).isEqualTo("drain");
      // A peer that reads the one count is no scrape.
      server.get("/actuator/prometheus?includedNames=grpc_server_active_streams");
      assertThat(shutdown).isNotDone();

      await()
          .untilAsserted(
              () ->
                  assertThat(server.scrape())
                      .contains(
                          "vachub_streams_handed_off_total{client=\"accepts\",reason=\"drain\"} 1.0"));
      shutdown.orTimeout(20, TimeUnit.SECONDS).join();
    }
  }

  @Test
  void aPodThatNobodyScrapedWaitsForNoScrape() {
    try (TestServer server =
        TestServer.start("vachub.drain.scrape-wait=5m", "grpc.server.shutdown-grace-period=10m")) {
      TestStream<TextRequest, TextResponse> stream = open(server.channel());
      CompletableFuture.runAsync(server::shutdown).orTimeout(20, TimeUnit.SECONDS).join();

      assertThat(stream.end().handoff()).isEqualTo("drain");
    }
  }

  @Test
  void aHealthWatchDoesNotHoldItUp() {
    try (TestServer server = TestServer.start("grpc.server.shutdown-grace-period=-1s")) {
      TestStream<HealthCheckRequest, HealthCheckResponse> watch = watch(server);
      server.shutdown();

      assertThat(watch.end().status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }
  }

  static class AnsweredInVain {

    static final MethodDescriptor<HealthCheckRequest, HealthCheckRequest> METHOD =
        MethodDescriptor.<HealthCheckRequest, HealthCheckRequest>newBuilder()
            .setType(MethodType.UNARY)
            .setFullMethodName("grpc.health.test.AnsweredInVain/Check")
            .setRequestMarshaller(ProtoUtils.marshaller(HealthCheckRequest.getDefaultInstance()))
            .setResponseMarshaller(ProtoUtils.marshaller(HealthCheckRequest.getDefaultInstance()))
            .build();

    final AtomicBoolean answered = new AtomicBoolean();

    /** Answers with more than a client takes in that asks for nothing. */
    @Bean
    @GrpcService
    BindableService service() {
      return () ->
          ServerServiceDefinition.builder("grpc.health.test.AnsweredInVain")
              .addMethod(
                  METHOD,
                  ServerCalls.asyncUnaryCall(
                      (HealthCheckRequest request,
                          StreamObserver<HealthCheckRequest> responses) -> {
                        responses.onNext(
                            request.toBuilder().setService("x".repeat(3_000_000)).build());
                        responses.onCompleted();
                        answered.set(true);
                      }))
              .build();
    }
  }

  @Test
  void aHealthCheckWhoseAnswerIsStillOnItsWayDoesNotStopIt() {
    try (TestServer server =
        TestServer.startWith(
            AnsweredInVain.class,
            "vachub.drain.spread=1s",
            "grpc.server.shutdown-grace-period=2s")) {
      ClientCall<HealthCheckRequest, HealthCheckRequest> check =
          server.channel().newCall(AnsweredInVain.METHOD, CallOptions.DEFAULT);
      check.start(new ClientCall.Listener<>() {}, new Metadata());
      check.sendMessage(HealthCheckRequest.getDefaultInstance());
      check.halfClose();
      await().untilTrue(server.bean(AnsweredInVain.class).answered);
      TestStream<TextRequest, TextResponse> stream = open(server.channel());
      server.shutdown();

      assertThat(stream.end().handoff()).isEqualTo("drain");
    }
  }

  static class LastBean implements DisposableBean {

    private final ActiveStreams streams;
    private volatile int streamsWhenDestroyed = -1;

    LastBean(ActiveStreams streams) {
      this.streams = streams;
    }

    @Override
    public void destroy() {
      streamsWhenDestroyed = streams.count();
    }
  }

  static class Beans {

    @Bean
    LastBean lastBean(ActiveStreams streams) {
      return new LastBean(streams);
    }
  }

  @Test
  void beansLiveUntilTheLastStreamIsOver() {
    try (TestServer server =
        TestServer.startWith(
            Beans.class, "vachub.drain.spread=1s", "grpc.server.shutdown-grace-period=20s")) {
      LastBean bean = server.bean(LastBean.class);
      List<TestStream<TextRequest, TextResponse>> streams =
          Stream.generate(() -> open(server.sharedChannel())).limit(50).toList();
      server.shutdown();

      assertThat(bean.streamsWhenDestroyed).isZero();
      assertThat(streams).allMatch(stream -> "drain".equals(stream.end().handoff()));
    }
  }
}
