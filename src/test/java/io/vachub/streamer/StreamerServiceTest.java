package io.vachub.streamer;

import static io.vachub.TestServer.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.vachub.CapturesOutput;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.system.CapturedOutput;

@CapturesOutput
class StreamerServiceTest {

  private static TestServer server;

  @BeforeAll
  static void start() {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static TestStream<TextRequest, TextResponse> process() {
    return TestStream.open(server.channel(), StreamerGrpc.getProcessTextStreamMethod());
  }

  private static TestStream<TextRequest, TextResponse> acknowledge() {
    return TestStream.open(server.channel(), StreamerGrpc.getAcknowledgeTextStreamMethod());
  }

  private static List<Integer> counts(TestStream<TextRequest, TextResponse> stream) {
    return stream.answers().stream().map(TextResponse::getMessageCount).toList();
  }

  @Test
  void processAnswersTheCountOnceTheClientIsDone() {
    TestStream<TextRequest, TextResponse> stream = process();
    IntStream.range(0, 1_000).forEach(i -> stream.send(request("a", i)));
    stream.halfClose();

    assertThat(stream.end().status().getCode()).isEqualTo(Status.Code.OK);
    assertThat(counts(stream)).containsExactly(1_000);
    assertThat(stream.end().handoff()).isNull();
  }

  @Test
  void acknowledgeAnswersEachMessageWithTheRunningCount() {
    TestStream<TextRequest, TextResponse> stream = acknowledge();
    for (int i = 1; i <= 3; i++) {
      stream.send(request("a", i));
      int expected = i;
      await().until(() -> counts(stream).size() == expected);
    }
    IntStream.range(0, 997).forEach(i -> stream.send(request("a", i)));
    stream.halfClose();

    assertThat(stream.end().status().isOk()).isTrue();
    assertThat(counts(stream)).isEqualTo(IntStream.rangeClosed(1, 1_000).boxed().toList());
  }

  /** What a client does not read holds back what it may send. */
  @Test
  void acknowledgeBuffersNoMoreThanABoundForASlowReader() {
    int tooMany = 1_000_000;
    AtomicInteger lastCount = new AtomicInteger();
    CompletableFuture<Status> end = new CompletableFuture<>();
    ClientCall<TextRequest, TextResponse> call =
        server
            .channel()
            .newCall(StreamerGrpc.getAcknowledgeTextStreamMethod(), CallOptions.DEFAULT);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(TextResponse answer) {
            lastCount.set(answer.getMessageCount());
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            end.complete(status);
          }
        },
        new Metadata());
    AtomicInteger sent = new AtomicInteger();
    await()
        .during(2, TimeUnit.SECONDS)
        .atMost(2, TimeUnit.MINUTES)
        .until(
            () -> {
              int before = sent.get();
              while (call.isReady() && sent.get() < tooMany) {
                call.sendMessage(request("slow", sent.incrementAndGet()));
              }
              return sent.get() == before;
            });
    assertThat(sent.get()).isLessThan(tooMany);

    call.request(Integer.MAX_VALUE);
    call.halfClose();
    assertThat(end.orTimeout(1, TimeUnit.MINUTES).join().isOk()).isTrue();
    assertThat(lastCount).hasValue(sent.get());
  }

  @Test
  void anEmptyStreamAnswersZero() {
    TestStream<TextRequest, TextResponse> process = process().halfClose();
    assertThat(process.end().status().isOk()).isTrue();
    assertThat(counts(process)).containsExactly(0);

    TestStream<TextRequest, TextResponse> acknowledge = acknowledge().halfClose();
    assertThat(acknowledge.end().status().isOk()).isTrue();
    assertThat(counts(acknowledge)).isEmpty();
  }

  @Test
  void countsEveryMessageOnce() {
    double before = server.metric("app_message_processed_count_total");
    TestStream<TextRequest, TextResponse> stream = process();
    IntStream.range(0, 150).forEach(i -> stream.send(request("a", i)));
    stream.halfClose().end();

    assertThat(server.metric("app_message_processed_count_total") - before).isEqualTo(150);
  }

  @Test
  void tellsWhichPodServes() {
    TestStream<TextRequest, TextResponse> stream = process();

    // Before the first message, though a client stream is answered at its end only.
    assertThat(stream.headers().keys()).contains("vachub-pod");
    stream.cancel();
  }

  @Test
  void logsClientChannelAndActiveStreams(CapturedOutput log) {
    TestStream<TextRequest, TextResponse> stream = process().send(request("logged", 1));
    await()
        .untilAsserted(
            () ->
                assertThat(log)
                    .containsPattern(
                        "\\[Client: logged, Channel: 1] Stream opened. Active streams: [1-9]"));
    stream.cancel();
    await()
        .untilAsserted(
            () ->
                assertThat(log)
                    .containsPattern(
                        "\\[Client: logged, Channel: 1] Stream cancelled after 1 messages\\. Active"
                            + " streams: \\d"));
  }
}
