package io.vachub.streams;

import static io.vachub.TestServer.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vachub.PythonClient;
import io.vachub.RetryingChannel;
import io.vachub.TestServer;
import io.vachub.TestStream;
import io.vachub.proto.StreamerGrpc;
import io.vachub.proto.TextRequest;
import io.vachub.proto.TextResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CapacityTest {

  private static final MethodDescriptor<TextRequest, TextResponse> PROCESS =
      StreamerGrpc.getProcessTextStreamMethod();

  private TestServer server;

  @BeforeEach
  void start() {
    server = TestServer.start("vachub.streams.max-active=2");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private TestStream<TextRequest, TextResponse> open() {
    return TestStream.open(server.sharedChannel(), PROCESS).send(request("a", 1));
  }

  @Test
  void refusesAboveTheLimitAndSaysWhenToComeBack() {
    List<TestStream<TextRequest, TextResponse>> full = List.of(open(), open());
    full.forEach(TestStream::headers);
    assertThat(server.metric("grpc_server_stream_utilization")).isEqualTo(1);

    TestStream.End refused = open().end();

    assertThat(refused.status().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(refused.status().getDescription())
        .contains("open streams: 2")
        .contains("vachub.streams.max-active: 2");
    assertThat(Integer.parseInt(refused.trailers().get(ActiveStreamsInterceptor.RETRY_PUSHBACK)))
        .isPositive();
    assertThat(server.metric("grpc_server_active_streams")).isEqualTo(2);
    assertThat(server.metric("vachub_streams_rejected_total{reason=\"full\"}")).isEqualTo(1);
    assertThat(server.metric("vachub_streams_cut_total")).isZero();
    full.forEach(TestStream::cancel);
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 0", "4, 0, 0.5", "0, 4, 0.5", "0, 1, 1", "4, 1, 0.5"})
  void isUsedByItsShareOfTheLimitOrOfTheTarget(int maxActive, int target, double expected) {
    try (TestServer other =
        TestServer.start(
            "vachub.streams.max-active=" + maxActive, "vachub.streams.target=" + target)) {
      for (int i = 0; i < 2; i++) {
        TestStream.open(other.sharedChannel(), PROCESS).headers();
      }

      assertThat(other.metric("grpc_server_stream_utilization")).isEqualTo(expected);
    }
  }

  @Test
  void takesExactlyTheLimitOfManyThatComeAtOnce() {
    List<TestStream<TextRequest, TextResponse>> all =
        IntStream.range(0, 200).mapToObj(i -> open()).toList();
    await().until(() -> all.stream().filter(TestStream::ended).count() == all.size() - 2);

    assertThat(server.metric("grpc_server_active_streams")).isEqualTo(2);
    assertThat(server.metric("vachub_streams_rejected_total{reason=\"full\"}")).isEqualTo(198);
    all.forEach(TestStream::cancel);
  }

  /** Calls on several connections come on several threads. */
  @Test
  void threadsThatRaceForTheLastPlaceDoNotBothGetIt() {
    ActiveStreams streams =
        new ActiveStreams(new StreamsProperties(1, 0), new SimpleMeterRegistry());
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Runnable race =
        () -> {
          for (int i = 0; i < 300_000; i++) {
            if (streams.tryOpen()) {
              most.accumulateAndGet(inside.incrementAndGet(), Math::max);
              inside.decrementAndGet();
              streams.close();
            }
          }
        };

    CompletableFuture.allOf(
            Stream.generate(
                    () -> CompletableFuture.runAsync(race, task -> new Thread(task).start()))
                .limit(4)
                .toArray(CompletableFuture[]::new))
        .join();

    assertThat(most).hasValue(1);
    assertThat(streams.count()).isZero();
  }

  @Test
  void aClientWithARetryPolicyGetsThroughWhenRoomAppears() {
    List<TestStream<TextRequest, TextResponse>> full = List.of(open(), open());
    full.forEach(TestStream::headers);
    ManagedChannel retrying =
        RetryingChannel.to(server.grpcPort(), 5, Status.Code.RESOURCE_EXHAUSTED);
    try {
      TestStream<TextRequest, TextResponse> patient =
          TestStream.open(retrying, PROCESS).send(request("a", 1)).halfClose();
      await().until(() -> server.metric("vachub_streams_rejected_total{reason=\"full\"}") >= 1);
      full.forEach(TestStream::cancel);

      assertThat(patient.end().status().isOk()).isTrue();
      assertThat(patient.answers().get(0).getMessageCount()).isEqualTo(1);
    } finally {
      retrying.shutdownNow();
    }
  }

  @Test
  void aPythonClientWithItsOwnRetryLoopGetsThroughToo() throws Exception {
    List<TestStream<TextRequest, TextResponse>> full = List.of(open(), open());
    full.forEach(TestStream::headers);
    Process client = PythonClient.startRetrying(server.grpcPort());
    try {
      await()
          .atMost(30, TimeUnit.SECONDS)
          .until(() -> server.metric("vachub_streams_rejected_total{reason=\"full\"}") >= 1);
      full.forEach(TestStream::cancel);

      assertThat(client.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(client.exitValue()).isZero();
    } finally {
      client.destroyForcibly();
    }
  }
}
