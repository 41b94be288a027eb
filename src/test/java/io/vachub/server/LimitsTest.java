package io.vachub.server;

import static io.vachub.TestServer.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.vachub.ReflectionClient;
import io.vachub.TestServer;
import io.vachub.TestStream;
import io.vachub.proto.StreamerGrpc;
import io.vachub.proto.TextRequest;
import io.vachub.proto.TextResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a client that asks for too much is told. */
class LimitsTest {

  private static TestStream<TextRequest, TextResponse> open(ManagedChannel channel) {
    return TestStream.open(channel, StreamerGrpc.getAcknowledgeTextStreamMethod())
        .send(request("a", 1));
  }

  @Test
  void callsAboveTheLimitOfAConnectionWaitUntilOneEnds() {
    try (TestServer server =
        TestServer.start("vachub.server.max-concurrent-calls-per-connection=2")) {
      ManagedChannel channel = server.channel();
      TestStream<TextRequest, TextResponse> first = open(channel);
      // The client learns the limit with the first headers.
      first.headers();
      open(channel).headers();
      TestStream<TextRequest, TextResponse> third = open(channel);
      open(server.channel()).headers();
      assertThat(server.metric("grpc_server_active_streams")).isEqualTo(3);

      first.halfClose();

      third.headers();
      assertThat(first.end().status().isOk()).isTrue();
    }
  }

  @Test
  void headersAboveTheLimitEndTheirStream() {
    try (TestServer server = TestServer.start("grpc.server.max-inbound-metadata-size=1KB")) {
      Metadata large = new Metadata();
      large.put(Metadata.Key.of("large", Metadata.ASCII_STRING_MARSHALLER), "x".repeat(2_000));
      CompletableFuture<Status> end = new CompletableFuture<>();
      ClientCall<TextRequest, TextResponse> call =
          server.channel().newCall(StreamerGrpc.getProcessTextStreamMethod(), CallOptions.DEFAULT);
      call.start(
          new ClientCall.Listener<>() {
            @Override
            public void onClose(Status status, Metadata trailers) {
              end.complete(status);
            }
          },
          large);
      call.halfClose();

      assertThat(end.orTimeout(30, TimeUnit.SECONDS).join().isOk()).isFalse();
      assertThat(server.metric("grpc_server_active_streams")).isZero();
    }
  }

  @Test
  void aConnectionThatResetsStreamsRapidlyIsClosed() {
    try (TestServer server =
        TestServer.start(
            "vachub.server.max-concurrent-calls-per-connection=10",
            "vachub.server.max-rst-frames-per-window=20",
            "vachub.server.rst-window=60s")) {
      ManagedChannel attacker = server.channel();
      TestStream<TextRequest, TextResponse> witness = open(attacker);
      TestStream<TextRequest, TextResponse> other = open(server.channel());
      other.headers();
      await()
          .atMost(30, TimeUnit.SECONDS)
          .until(
              () -> {
                TestStream<TextRequest, TextResponse> reset = open(attacker);
                reset.headers();
                reset.cancel();
                return witness.ended();
              });

      assertThat(witness.end().status().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      assertThat(other.ended()).isFalse();
    }
  }

  @Test
  void reflectionCanBeTurnedOff() {
    try (TestServer on = TestServer.start();
        TestServer off = TestServer.start("grpc.server.reflection-service-enabled=false")) {
      assertThat(ReflectionClient.listServices(on.channel()).isOk()).isTrue();
      assertThat(ReflectionClient.listServices(off.channel()).getCode())
          .isEqualTo(Status.Code.UNIMPLEMENTED);
    }
  }
}
