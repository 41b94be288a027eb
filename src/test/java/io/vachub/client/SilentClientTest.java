package io.vachub.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vachub.TestServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A client that never heard of handoffs opens a stream again after an error and takes OK for the
 * end of its work, so it must never see an OK that it did not cause.
 */
class SilentClientTest {

  private static final int STREAMS = 3;
  private static final int HANDOFFS = 4 * STREAMS;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "age vachub.handoff.silent-clients=move vachub.handoff.max-stream-age=500ms",
        "connection_age vachub.handoff.silent-clients=leave vachub.handoff.margin=1s"
            + " grpc.server.max-connection-age=1s grpc.server.max-connection-age-grace=2s"
      })
  void comesBackAfterEachHandoff(String reasonAndSettings) throws Exception {
    List<String> settings = new ArrayList<>(List.of(reasonAndSettings.split(" ")));
    String handedOff =
        "vachub_streams_handed_off_total{client=\"silent\",reason=\"" + settings.remove(0) + "\"}";
    try (TestServer server = TestServer.start(settings.toArray(String[]::new))) {
      Process client = start(server);
      try (BufferedReader ends = client.inputReader()) {
        for (int end = 0; end < HANDOFFS; end++) {
          assertThat(ends.readLine()).isEqualTo("UNAVAILABLE");
        }
        await()
            .atMost(PATIENCE)
            .until(() -> server.metric("grpc_server_active_streams") == STREAMS);
        assertThat(server.metric(handedOff)).isGreaterThanOrEqualTo(HANDOFFS);
        assertThat(server.metric("vachub_streams_cut_total")).isZero();
      } finally {
        client.destroy();
      }
    }
  }

  /** Else the other test would show nothing. */
  @Test
  void goesQuietWhereItIsTakenForOneThatAccepts() throws Exception {
    try (TestServer server = TestServer.start("vachub.handoff.max-stream-age=500ms")) {
      Process client = start(server, "vachub-handoff=accept");
      try (BufferedReader ends = client.inputReader()) {
        assertThat(ends.lines()).hasSize(STREAMS).containsOnly("OK");
      } finally {
        client.destroy();
      }
    }
  }

  private static Process start(TestServer server, String... headers) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "python3",
                Path.of("src/test/python/reopening_client.py").toAbsolutePath().toString(),
                "127.0.0.1:" + server.grpcPort(),
                Integer.toString(STREAMS),
                Path.of("proto").toAbsolutePath().toString()));
    command.addAll(List.of(headers));
    return ClientProgram.PYTHON
        .program(command)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
