package io.vachub.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.vachub.Jdk;
import io.vachub.proto.StreamerGrpc;
import io.vachub.proto.TextRequest;
import io.vachub.proto.TextResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an open stream costs, and how much of it is for the handoff. Only with {@code -Pproof}. */
@EnabledIfSystemProperty(named = "vachub.proof.long", matches = "true")
class MemoryIT {

  private static final Logger log = LoggerFactory.getLogger(MemoryIT.class);

  private static final int CONNECTIONS = 25;
  private static final int STREAMS_PER_CONNECTION = 800;
  private static final int WARM_UP = 100;
  private static final int STREAMS = CONNECTIONS * STREAMS_PER_CONNECTION;

  private static final TextRequest MESSAGE =
      TextRequest.newBuilder().setMessage("1").setClientId("memory").setChannelId(1).build();

  @Test
  void handoffCostsLittle() throws IOException, InterruptedException {
    long without = bytesPerStream(false);
    long with = bytesPerStream(true);

    log.info("{} streams: {} bytes each, {} with handoff", STREAMS, without, with);
    assertThat(with - without).isLessThan(2_048);
  }

  private static long bytesPerStream(boolean handoff) throws IOException, InterruptedException {
    Path directory = Proof.directory("memory");
    List<ManagedChannel> channels = new ArrayList<>();
    try (ServerProcess server =
        new ServerProcess(
            "server",
            directory,
            List.of("vachub.streams.max-active=0", "vachub.handoff.enabled=" + handoff))) {
      server.start().awaitReady();
      // Loads what the first streams load.
      open(server, channels, WARM_UP, 1);
      long before = Jdk.liveHeapBytes(server.pid());
      open(server, channels, STREAMS_PER_CONNECTION, CONNECTIONS);
      return (Jdk.liveHeapBytes(server.pid()) - before) / STREAMS;
    } finally {
      channels.forEach(ManagedChannel::shutdownNow);
    }
  }

  private static void open(
      ServerProcess server, List<ManagedChannel> channels, int streams, int connections) {
    for (int i = 0; i < connections; i++) {
      ManagedChannel channel =
          ManagedChannelBuilder.forAddress("127.0.0.1", server.grpcPort()).usePlaintext().build();
      channels.add(channel);
      for (int j = 0; j < streams; j++) {
        ClientCall<TextRequest, TextResponse> call =
            channel.newCall(StreamerGrpc.getProcessTextStreamMethod(), CallOptions.DEFAULT);
        call.start(new ClientCall.Listener<>() {}, new Metadata());
        call.sendMessage(MESSAGE);
      }
    }
    int messages = channels.size() == 1 ? WARM_UP : WARM_UP + STREAMS;
    await()
        .atMost(Duration.ofMinutes(3))
        .until(() -> server.metric("app_message_processed_count_total").orElse(0) == messages);
  }
}
