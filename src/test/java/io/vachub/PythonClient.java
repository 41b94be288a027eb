package io.vachub;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The user's kind of client: Python's grpcio with the same proto, in a process of its own. */
public final class PythonClient {

  private static final String HEAD =
      """
      import random, sys, time
      import grpc
      import streaming_pb2, streaming_pb2_grpc

      stub = streaming_pb2_grpc.StreamerStub(grpc.insecure_channel("localhost:" + sys.argv[1]))

      def message():
          return streaming_pb2.TextRequest(message="hello", client_id="python", channel_id=1)

      """;

  private static final String ENDLESS =
      """
      def messages():
          while True:
              yield message()
              time.sleep(0.1)

      calls = [stub.ProcessTextStream.future(messages()) for _ in range(3)]
      [call.result() for call in calls]
      """;

  private static final String RETRYING =
      """
      while True:
          try:
              assert stub.ProcessTextStream(iter([message(), message()])).message_count == 2
              break
          except grpc.RpcError as e:
              assert e.code() == grpc.StatusCode.RESOURCE_EXHAUSTED, e
              time.sleep(random.uniform(0.2, 0.5))
      """;

  private PythonClient() {}

  /** Starts a client that keeps three streams open; skips the test where grpcio is missing. */
  public static Process start(int port) throws IOException {
    return start(port, ENDLESS);
  }

  /** Starts a client that tries until its stream is taken, and then exits with 0. */
  public static Process startRetrying(int port) throws IOException {
    return start(port, RETRYING);
  }

  private static Process start(int port, String script) throws IOException {
    Path directory = Files.createTempDirectory("python-client");
    Files.writeString(directory.resolve("client.py"), HEAD + script);
    assumeThat(
            run(
                directory,
                "-m",
                "grpc_tools.protoc",
                "-I" + Path.of("proto").toAbsolutePath(),
                "--python_out=.",
                "--grpc_python_out=.",
                "streaming.proto"))
        .as("Python with grpcio-tools (pip install grpcio grpcio-tools)")
        .isZero();
    return new ProcessBuilder("python3", "client.py", Integer.toString(port))
        .directory(directory.toFile())
        .inheritIO()
        .start();
  }

  private static int run(Path directory, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("python3"));
    command.addAll(List.of(arguments));
    try {
      return new ProcessBuilder(command).directory(directory.toFile()).start().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
