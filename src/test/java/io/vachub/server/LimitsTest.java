package io.vachub.server;

import static io.vachub.TestServer.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import io.vachub.ReflectionClient;
import io.vachub.TestServer;
import io.vachub.TestStream;
import io.vachub.proto.StreamerGrpc;
import io.vachub.proto.TextRequest;
import io.vachub.proto.TextResponse;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  @ParameterizedTest
  @ValueSource(ints = {10, 20, 50})
  void headersAboveTheLimitEndTheirCallAlone(int kilobytes) {
    try (TestServer server = TestServer.start()) {
      ManagedChannel shared = server.channel();
      TestStream<TextRequest, TextResponse> neighbour = open(shared);
      neighbour.headers();

      for (int i = 0; i < 20; i++) {
        TestStream<TextRequest, TextResponse> large =
            TestStream.open(
                ClientInterceptors.intercept(shared, headersOf(kilobytes)),
                StreamerGrpc.getAcknowledgeTextStreamMethod());
        assertThat(large.end().status().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      }

      neighbour.send(request("a", 2)).halfClose();
      assertThat(neighbour.end().status().isOk()).isTrue();
      assertThat(neighbour.answers()).hasSize(2);
      assertThat(server.metric("grpc_server_active_streams")).isZero();
    }
  }

  @Test
  void headersUpToTheLimitAreServed() {
    try (TestServer server = TestServer.start("grpc.server.max-inbound-metadata-size=30KB")) {
      TestStream<TextRequest, TextResponse> stream =
          TestStream.open(
              ClientInterceptors.intercept(server.channel(), headersOf(29)),
              StreamerGrpc.getAcknowledgeTextStreamMethod());
      assertThat(stream.halfClose().end().status().isOk()).isTrue();
    }
  }

  private static ClientInterceptor headersOf(int kilobytes) {
    Metadata large = new Metadata();
    for (int i = 0; i < kilobytes; i++) {
      large.put(
          Metadata.Key.of("large", Metadata.ASCII_STRING_MARSHALLER), "x".repeat(1_024 - 5 - 32));
    }
    return MetadataUtils.newAttachHeadersInterceptor(large);
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
          .atMost(2, TimeUnit.MINUTES)
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
