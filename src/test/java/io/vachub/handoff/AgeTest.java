package io.vachub.handoff;

import static io.vachub.TestServer.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.vachub.TestServer;
import io.vachub.TestStream;
import io.vachub.proto.StreamerGrpc;
import io.vachub.proto.TextRequest;
import io.vachub.proto.TextResponse;
import org.junit.jupiter.api.Test;

class AgeTest {

  private static TestStream<TextRequest, TextResponse> open(ManagedChannel channel) {
    return TestStream.open(channel, StreamerGrpc.getProcessTextStreamMethod())
        .send(request("a", 1));
  }

  @Test
  void aStreamIsRenewedAtItsAge() {
    try (TestServer server = TestServer.start("vachub.handoff.max-stream-age=500ms")) {
      TestStream.End end = open(server.channel()).end();

      assertThat(end.status().isOk()).isTrue();
      assertThat(end.handoff()).isEqualTo("age");
    }
  }

  @Test
  void aStreamIsHandedOffBeforeItsConnectionIsClosedByForce() {
    try (TestServer server =
        TestServer.start(
            "grpc.server.max-connection-age=1s",
            "grpc.server.max-connection-age-grace=3s",
            "vachub.handoff.margin=1s",
            "vachub.server.handshake-timeout=1s")) {
      ManagedChannel channel = server.channel();
      TestStream<TextRequest, TextResponse> first = open(channel);
      first.headers();
      TestStream<TextRequest, TextResponse> late = open(channel);

      assertThat(first.end().handoff()).isEqualTo("connection_age");
      assertThat(late.end().handoff()).isEqualTo("connection_age");
      assertThat(server.metric("vachub_streams_cut_total")).isZero();
    }
  }

  @Test
  void withoutHandoffTheSameStreamIsCut() {
    try (TestServer server =
        TestServer.start(
            "grpc.server.max-connection-age=1s",
            "grpc.server.max-connection-age-grace=1s",
            "vachub.handoff.enabled=false")) {
      assertThat(open(server.channel()).end().status().getCode())
          .isEqualTo(Status.Code.UNAVAILABLE);
      await().until(() -> server.metric("vachub_streams_cut_total") == 1);
    }
  }
}
