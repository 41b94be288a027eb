package io.vachub.handoff;

import static io.vachub.TestServer.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.vachub.TestServer;
import io.vachub.TestStream;
import io.vachub.policy.HandoffReason;
import io.vachub.proto.TextRequest;
import io.vachub.proto.TextResponse;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import net.devh.boot.grpc.server.service.GrpcService;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;

/** What the one line does in services other than ours. */
class HandoffApiTest {

  private static final MethodDescriptor<TextRequest, TextResponse> SERVER_STREAMING =
      method("ServerStreaming", MethodType.SERVER_STREAMING);
  private static final MethodDescriptor<TextRequest, TextResponse> NOT_OPTED_IN =
      method("NotOptedIn", MethodType.BIDI_STREAMING);
  private static final MethodDescriptor<TextRequest, TextResponse> SLOW =
      method("Slow", MethodType.BIDI_STREAMING);
  private static final MethodDescriptor<TextRequest, TextResponse> END_THROWS =
      method("EndThrows", MethodType.BIDI_STREAMING);

  private static final CountDownLatch slowMayGoOn = new CountDownLatch(1);
  private static final AtomicInteger inSlowHandler = new AtomicInteger();

  private static TestServer server;
  private static OpenCalls openCalls;

  static class Beans {

    @Bean
    @GrpcService
    BindableService service() {
      return () ->
          ServerServiceDefinition.builder("test.Handoff")
              .addMethod(
                  SERVER_STREAMING,
                  ServerCalls.asyncServerStreamingCall(
                      (TextRequest request, StreamObserver<TextResponse> responses) -> {
                        Handoff.onHandoff(responses::onCompleted);
                        responses.onNext(count(1));
                      }))
              .addMethod(
                  NOT_OPTED_IN, ServerCalls.asyncBidiStreamingCall(responses -> ignoring(() -> {})))
              .addMethod(
                  SLOW,
                  ServerCalls.asyncBidiStreamingCall(
                      (StreamObserver<TextResponse> responses) -> {
                        Handoff.onHandoff(responses::onCompleted);
                        return ignoring(
                            () -> {
                              inSlowHandler.incrementAndGet();
                              awaitSlow();
                              responses.onNext(count(1));
                            });
                      }))
              .addMethod(
                  END_THROWS,
                  ServerCalls.asyncBidiStreamingCall(
                      (StreamObserver<TextResponse> responses) -> {
                        Handoff.onHandoff(
                            () -> {
                              throw new IllegalStateException("as the test wants");
                            });
                        return ignoring(() -> {});
                      }))
              .build();
    }
  }

  private static void awaitSlow() {
    try {
      slowMayGoOn.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static TextResponse count(int count) {
    return TextResponse.newBuilder().setMessageCount(count).build();
  }

  private static StreamObserver<TextRequest> ignoring(Runnable onMessage) {
    return new StreamObserver<>() {
      @Override
      public void onNext(TextRequest request) {
        onMessage.run();
      }

      @Override
      public void onError(Throwable t) {}

      @Override
      public void onCompleted() {}
    };
  }

  private static MethodDescriptor<TextRequest, TextResponse> method(String name, MethodType type) {
    return MethodDescriptor.<TextRequest, TextResponse>newBuilder()
        .setType(type)
        .setFullMethodName(MethodDescriptor.generateFullMethodName("test.Handoff", name))
        .setRequestMarshaller(ProtoUtils.marshaller(TextRequest.getDefaultInstance()))
        .setResponseMarshaller(ProtoUtils.marshaller(TextResponse.getDefaultInstance()))
        .build();
  }

  @BeforeAll
  static void start() {
    // For the handler that blocks.
    server = TestServer.startWith(Beans.class, "vachub.server.executor=pool");
    openCalls = server.bean(OpenCalls.class);
  }

  @AfterAll
  static void stop() {
    slowMayGoOn.countDown();
    server.close();
  }

  @AfterEach
  void nothingIsLeftOpen() {
    await().until(() -> openCalls.count() == 0);
  }

  @Test
  void aServerStreamingCallIsHandedOff() {
    TestStream<TextRequest, TextResponse> stream =
        TestStream.open(server.channel(), SERVER_STREAMING).send(request("a", 1)).halfClose();
    await().until(() -> stream.answers().size() == 1);
    openCalls.handOffAll(HandoffReason.AGE);

    assertThat(stream.end().status().isOk()).isTrue();
    assertThat(stream.end().handoff()).isEqualTo("age");
  }

  @Test
  void aCallThatDidNotOptInIsLeftAlone() {
    TestStream<TextRequest, TextResponse> stream =
        TestStream.open(server.channel(), NOT_OPTED_IN).send(request("a", 1));
    await().until(() -> openCalls.count() == 1);
    openCalls.handOffAll(HandoffReason.REBALANCE);

    assertThat(openCalls.oldest(10, System.nanoTime(), true)).isEmpty();
    assertThat(stream.ended()).isFalse();
    stream.cancel();
  }

  @Test
  void aHandlerThatBlocksHoldsUpOnlyItsOwnHandoff() {
    TestStream<TextRequest, TextResponse> slow =
        TestStream.open(server.channel(), SLOW).send(request("a", 1)).send(request("a", 2));
    await().until(() -> inSlowHandler.get() == 1);
    TestStream<TextRequest, TextResponse> other =
        TestStream.open(server.channel(), SERVER_STREAMING).send(request("a", 1)).halfClose();
    await().until(() -> other.answers().size() == 1);

    openCalls.handOffAll(HandoffReason.DRAIN);
    assertThat(other.end().handoff()).isEqualTo("drain");
    assertThat(slow.ended()).isFalse();

    slowMayGoOn.countDown();
    assertThat(slow.end().handoff()).isEqualTo("drain");
    // The message being handled is answered before, the one behind it is never delivered.
    assertThat(slow.answers()).isEqualTo(List.of(count(1)));
  }

  @Test
  void anEndThatThrowsEndsTheCallAsAnErrorAndCountsAsCut() {
    double cut = server.metric("vachub_streams_cut_total");
    TestStream<TextRequest, TextResponse> stream =
        TestStream.open(server.channel(), END_THROWS).send(request("a", 1));
    await().until(() -> openCalls.count() == 1);
    await().until(() -> openCalls.oldest(1, System.nanoTime(), true).size() == 1);
    openCalls.handOffAll(HandoffReason.AGE);

    assertThat(stream.end().status().getCode()).isEqualTo(Status.Code.INTERNAL);
    await().until(() -> server.metric("vachub_streams_cut_total") == cut + 1);
  }

  @Test
  void outsideOfACallTheLineDoesNothing() {
    Handoff.onHandoff(() -> {});
  }
}
