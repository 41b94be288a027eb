package io.vachub.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.vachub.TestServer;
import io.vachub.TestStream;
import io.vachub.handoff.OpenCalls;
import io.vachub.policy.HandoffReason;
import io.vachub.proto.StreamerGrpc;
import io.vachub.proto.TextRequest;
import io.vachub.proto.TextResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * As many streams on one connection as it may carry, as a balancer has them: the end of each brings
 * a reset from the client, which is no attack.
 */
class ManyOnOneConnectionTest {

  private static final int STREAMS = 999;

  @Test
  void areHandedOffAtOnceAndLeaveTheConnectionAlone() {
    try (TestServer server = TestServer.start("logging.level.io.vachub.streamer=WARN")) {
      ManagedChannel channel = server.channel();
      TestStream<TextRequest, TextResponse> other = open(channel);
      for (int round = 0; round < 2; round++) {
        List<TestStream<TextRequest, TextResponse>> streams =
            IntStream.range(0, STREAMS).mapToObj(i -> open(channel)).toList();
        await()
            .atMost(Duration.ofMinutes(1))
            .until(() -> server.metric("grpc_server_active_streams") == STREAMS + 1);

        server.bean(OpenCalls.class).handOffAll(HandoffReason.REBALANCE);

        streams.forEach(
            stream -> assertThat(stream.end().status().getCode()).isEqualTo(Status.Code.OK));
        assertThat(other.end().status().getCode()).isEqualTo(Status.Code.OK);
        other = open(channel);
        TestStream<TextRequest, TextResponse> stillOpen = other;
        await()
            .atMost(Duration.ofMinutes(1))
            .until(() -> stillOpen.ended() || server.metric("grpc_server_active_streams") == 1);
        assertThat(other.ended()).isFalse();
        assertThat(server.metric("grpc_server_connections")).isEqualTo(1);
      }
      assertThat(server.metric("vachub_streams_cut_total")).isZero();
    }
  }

  private static TestStream<TextRequest, TextResponse> open(ManagedChannel channel) {
    return TestStream.open(channel, StreamerGrpc.getProcessTextStreamMethod())
        .send(TestServer.request("many", 1));
  }
}
