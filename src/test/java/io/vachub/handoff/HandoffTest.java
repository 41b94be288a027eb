package io.vachub.handoff;

import static io.vachub.TestServer.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.MethodDescriptor;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.vachub.TestServer;
import io.vachub.TestStream;
import io.vachub.policy.HandoffReason;
import io.vachub.proto.StreamerGrpc;
import io.vachub.proto.TextRequest;
import io.vachub.proto.TextResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A handoff ends a stream once, with status OK, the exact count and the reason. */
class HandoffTest {

  private static final MethodDescriptor<TextRequest, TextResponse> PROCESS =
      StreamerGrpc.getProcessTextStreamMethod();
  private static final MethodDescriptor<TextRequest, TextResponse> ACKNOWLEDGE =
      StreamerGrpc.getAcknowledgeTextStreamMethod();

  private static TestServer server;
  private static OpenCalls openCalls;

  @BeforeAll
  static void start() {
    server = TestServer.start();
    openCalls = server.bean(OpenCalls.class);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @AfterEach
  void nothingIsLeftOpenOrCut() {
    await().until(() -> openCalls.count() == 0);
    assertThat(server.metric("grpc_server_active_streams")).isZero();
    assertThat(server.metric("vachub_streams_cut_total")).isZero();
  }

  private static double handedOff(HandoffReason reason) {
    return server.metric(
        "vachub_streams_handed_off_total{client=\"accepts\",reason=\"" + reason.label() + "\"}");
  }

  private static List<Integer> counts(TestStream<TextRequest, TextResponse> stream) {
    return stream.answers().stream().map(TextResponse::getMessageCount).toList();
  }

  private static TestStream<TextRequest, TextResponse> openWith(
      MethodDescriptor<TextRequest, TextResponse> method, int messages) {
    double before = server.metric("app_message_processed_count_total");
    TestStream<TextRequest, TextResponse> stream = TestStream.open(server.channel(), method);
    IntStream.range(0, messages).forEach(i -> stream.send(request("a", i)));
    await().until(() -> server.metric("app_message_processed_count_total") == before + messages);
    return stream;
  }

  @ParameterizedTest
  @EnumSource
  void endsAClientStreamWithItsCountAndTheReason(HandoffReason reason) {
    double before = handedOff(reason);
    TestStream<TextRequest, TextResponse> stream = openWith(PROCESS, 7);
    openCalls.handOffAll(reason);

    assertThat(stream.end().status().isOk()).isTrue();
    assertThat(stream.end().handoff()).isEqualTo(reason.label());
    assertThat(counts(stream)).containsExactly(7);
    await().until(() -> handedOff(reason) == before + 1);
  }

  @Test
  void endsABidirectionalStreamAfterItsLastAnswer() {
    TestStream<TextRequest, TextResponse> stream = openWith(ACKNOWLEDGE, 5);
    openCalls.handOffAll(HandoffReason.REBALANCE);

    assertThat(stream.end().status().isOk()).isTrue();
    assertThat(stream.end().handoff()).isEqualTo("rebalance");
    assertThat(counts(stream)).containsExactly(1, 2, 3, 4, 5);
  }

  @Test
  void endsAStreamThatHasSentNothingYet() {
    TestStream<TextRequest, TextResponse> stream = TestStream.open(server.channel(), PROCESS);
    stream.headers();
    openCalls.handOffAll(HandoffReason.AGE);

    assertThat(stream.end().handoff()).isEqualTo("age");
    assertThat(counts(stream)).containsExactly(0);
  }

  @Test
  void theFirstOfTwoReasonsStands() {
    TestStream<TextRequest, TextResponse> stream = openWith(PROCESS, 1);
    HandoffCall<?, ?> call = openCalls.oldest(1, System.nanoTime(), true).get(0);
    call.handOff(HandoffReason.AGE);
    call.handOff(HandoffReason.DRAIN);

    assertThat(stream.end().handoff()).isEqualTo("age");
  }

  @Test
  void aStreamThatCompletesByItselfCarriesNoTrailer() {
    TestStream<TextRequest, TextResponse> stream = openWith(PROCESS, 1).halfClose();

    assertThat(stream.end().handoff()).isNull();
  }

  @Test
  void takesTheOldestFirstAndOnlyThoseOldEnough() {
    TestStream<TextRequest, TextResponse> older = openWith(PROCESS, 1);
    long between = System.nanoTime();
    TestStream<TextRequest, TextResponse> younger = openWith(PROCESS, 1);

    assertThat(openCalls.oldest(10, between, true)).hasSize(1);
    openCalls.oldest(1, System.nanoTime(), true).get(0).handOff(HandoffReason.REBALANCE);
    assertThat(older.end().handoff()).isEqualTo("rebalance");
    assertThat(younger.ended()).isFalse();
    younger.cancel();
  }

  @Test
  void healthWatchesAreNotHandedOff() {
    TestStream<HealthCheckRequest, HealthCheckResponse> watch =
        TestStream.open(server.channel(), HealthGrpc.getWatchMethod());
    watch.send(HealthCheckRequest.getDefaultInstance()).halfClose();
    await().until(() -> !watch.answers().isEmpty());

    assertThat(openCalls.count()).isZero();
    watch.cancel();
  }

  /** Messages, half-closes, cancels and several handoffs, all at once, many times over. */
  @Test
  void racesEndAStreamOnceWithTheExactCount() {
    double processedBefore = server.metric("app_message_processed_count_total");
    long answered = 0;
    for (int round = 0; round < 1_500; round++) {
      MethodDescriptor<TextRequest, TextResponse> method = round % 2 == 0 ? PROCESS : ACKNOWLEDGE;
      TestStream<TextRequest, TextResponse> stream =
          TestStream.open(server.sharedChannel(), method);
      int messages = ThreadLocalRandom.current().nextInt(30);
      int handOffAfter = ThreadLocalRandom.current().nextInt(30);
      for (int i = 0; i < messages; i++) {
        if (i == handOffAfter) {
          openCalls.handOffAll(HandoffReason.REBALANCE);
        }
        stream.send(request("race", i));
      }
      if (round % 3 == 0) {
        stream.halfClose();
      }
      openCalls.handOffAll(HandoffReason.DRAIN);
      await()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(1))
          .until(() -> stream.ended() || nudge());

      assertThat(stream.end().status().isOk()).as(stream.end().status().toString()).isTrue();
      List<Integer> counts = counts(stream);
      if (method == PROCESS) {
        assertThat(counts).hasSize(1);
      } else {
        assertThat(counts).isEqualTo(IntStream.rangeClosed(1, counts.size()).boxed().toList());
      }
      int count = counts.isEmpty() ? 0 : counts.get(counts.size() - 1);
      assertThat(count).isLessThanOrEqualTo(messages);
      answered += count;
    }
    // What a client was told is what was processed: nothing was counted after the answer.
    assertThat(server.metric("app_message_processed_count_total") - processedBefore)
        .isEqualTo(answered);
  }

  /** For a stream that the server had not seen when it was asked. */
  private static boolean nudge() {
    openCalls.handOffAll(HandoffReason.DRAIN);
    return false;
  }
}
