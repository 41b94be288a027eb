package io.vachub.proof;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The user's kind of client: Python's grpcio, in a process of its own. */
final class PythonLoad implements AutoCloseable {

  /**
   * What the clients saw.
   *
   * @param highest the highest number that each knows to be processed
   */
  record Seen(Map<String, Integer> highest, int streams, int handedOff, int backOffs, int cut) {}

  private final Process process;

  private PythonLoad(Process process) {
    this.process = process;
  }

  /** Skips the test where grpcio is missing. */
  static void assumeInstalled() throws IOException, InterruptedException {
    Process imports = new ProcessBuilder("python3", "-c", "import grpc, grpc_tools").start();
    assumeThat(imports.waitFor())
        .as("Python with grpcio (pip install grpcio grpcio-tools)")
        .isZero();
  }

  static PythonLoad start(int clients, int port, Path directory) {
    try {
      return new PythonLoad(
          new ProcessBuilder(
                  "python3",
                  "src/test/python/loop_client.py",
                  "127.0.0.1:" + port,
                  Integer.toString(clients),
                  Path.of("proto").toAbsolutePath().toString())
              .redirectError(directory.resolve("python.log").toFile())
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lets each client finish. */
  Seen finish() throws IOException, InterruptedException {
    process.getOutputStream().close();
    if (!process.waitFor(2, TimeUnit.MINUTES)) {
      throw new AssertionError("The Python clients do not end");
    }
    List<String[]> lines = new ArrayList<>();
    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
        .lines()
        .map(line -> line.split(" "))
        .forEach(lines::add);
    Map<String, Integer> highest = new HashMap<>();
    lines.forEach(line -> highest.put(line[0], Integer.valueOf(line[1])));
    return new Seen(highest, sum(lines, 2), sum(lines, 3), sum(lines, 4), sum(lines, 5));
  }

  private static int sum(List<String[]> lines, int column) {
    return lines.stream().mapToInt(line -> Integer.parseInt(line[column])).sum();
  }

  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }
}
