package io.vachub.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.vachub.RetryingChannel;
import io.vachub.TestServer;
import io.vachub.TestStream;
import io.vachub.proto.StreamerGrpc;
import io.vachub.proto.TextRequest;
import io.vachub.proto.TextResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * gRPC's own retries repeat a call, with its messages, after UNAVAILABLE. A handoff ends the stream
 * of a client that never heard of handoffs with UNAVAILABLE, and is never repeated so.
 */
class RetryPolicyTest {

  private static final int MAX_ATTEMPTS = 3;

  private enum Client {
    JAVA,
    GO,
    PYTHON
  }

  @ParameterizedTest
  @EnumSource
  void repeatsNoHandoff(Client client) throws Exception {
    try (TestServer server =
        TestServer.start(
            "vachub.handoff.max-stream-age=700ms", "vachub.handoff.silent-clients=move")) {
      String[] seen = run(client, server.grpcPort()).split(" ");

      assertThat(seen[0]).isEqualTo("UNAVAILABLE");
      double counted = Double.parseDouble(seen[1]);
      assertThat(counted).isPositive();
      assertThat(server.metric("app_message_processed_count_total")).isEqualTo(counted);
      assertThat(server.metric("vachub_streams_handed_off_total{client=\"silent\",reason=\"age\"}"))
          .isEqualTo(1);
      assertThat(server.metric("grpc_server_active_streams")).isZero();
    }
  }

  /** Else the other test would show nothing. */
  @ParameterizedTest
  @EnumSource
  void repeatsWhatWasNotAnswered(Client client) throws Exception {
    AtomicInteger calls = new AtomicInteger();
    Server server =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .addService(
                ServerServiceDefinition.builder(StreamerGrpc.SERVICE_NAME)
                    .addMethod(
                        StreamerGrpc.getProcessTextStreamMethod(),
                        (call, headers) -> {
                          calls.incrementAndGet();
                          call.close(Status.UNAVAILABLE, new Metadata());
                          return new ServerCall.Listener<>() {};
                        })
                    .build())
            .build()
            .start();
    try {
      assertThat(run(client, server.getPort())).startsWith("UNAVAILABLE");
      assertThat(calls).hasValue(MAX_ATTEMPTS);
    } finally {
      server.shutdownNow();
    }
  }

  /** Sends until the stream ends; the status, and the messages that the server says it counted. */
  private static String run(Client client, int port) throws Exception {
    return switch (client) {
      case JAVA -> runJava(port);
      case GO ->
          output(
              ClientProgram.GO.program(
                  List.of(
                      "go",
                      "run",
                      Path.of("src/test/go/retrying_client.go").toAbsolutePath().toString(),
                      "127.0.0.1:" + port)));
      case PYTHON ->
          output(
              ClientProgram.PYTHON.program(
                  List.of(
                      "python3",
                      Path.of("src/test/python/retrying_client.py").toAbsolutePath().toString(),
                      "127.0.0.1:" + port,
                      Path.of("proto").toAbsolutePath().toString())));
    };
  }

  private static String output(ProcessBuilder program) throws IOException, InterruptedException {
    Process process = program.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return output.strip();
  }

  private static String runJava(int port) throws Exception {
    ManagedChannel channel = RetryingChannel.to(port, MAX_ATTEMPTS, Status.Code.UNAVAILABLE);
    try {
      TestStream<TextRequest, TextResponse> stream =
          TestStream.openSilent(channel, StreamerGrpc.getProcessTextStreamMethod());
      await()
          .pollInterval(Duration.ofMillis(5))
          .until(
              () -> {
                stream.send(TextRequest.getDefaultInstance());
                return stream.ended();
              });
      return stream.end().status().getCode() + " " + stream.end().messageCount();
    } finally {
      channel.shutdownNow();
    }
  }
}
