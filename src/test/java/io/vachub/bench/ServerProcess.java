package io.vachub.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A server under measurement, in a process of its own. */
final class ServerProcess implements AutoCloseable {

  private final String name;
  private final int port;
  private final Process process;

  private ServerProcess(String name, int port, List<String> command) throws IOException {
    this.name = name;
    this.port = port;
    this.process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Path.of("target", "bench-" + name + ".log").toFile())
            .start();
    awaitPort();
  }

  /** The packaged service with its defaults. */
  static ServerProcess vacHub(String... properties) throws IOException {
    int port = freePort();
    List<String> arguments = new ArrayList<>(List.of("-jar", jar().toString()));
    arguments.add("--grpc.server.port=" + port);
    arguments.add("--server.port=" + freePort());
    arguments.addAll(List.of(properties));
    return new ServerProcess("vac-hub", port, java(arguments));
  }

  /** {@link BareServer}, {@code ordinary} or {@code limit}. */
  static ServerProcess bare(String kind) throws IOException {
    int port = freePort();
    return new ServerProcess(
        "bare-" + kind,
        port,
        java(
            List.of(
                "-cp",
                System.getProperty("bench.classpath", System.getProperty("java.class.path")),
                BareServer.class.getName(),
                kind,
                Integer.toString(port))));
  }

  /** The same JVM and flags for all. */
  private static List<String> java(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx1g");
    command.addAll(arguments);
    return command;
  }

  private static Path jar() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("target"))) {
      return files
          .filter(file -> file.getFileName().toString().matches("vac-hub-.*\\.jar"))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("no target/vac-hub-*.jar: mvn package"));
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private void awaitPort() {
    long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (System.nanoTime() - deadline < 0) {
      try {
        new Socket(InetAddress.getLoopbackAddress(), port).close();
        return;
      } catch (IOException e) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      }
    }
    throw new IllegalStateException(name + " did not start; see target/bench-" + name + ".log");
  }

  String name() {
    return name;
  }

  int port() {
    return port;
  }

  /** User and system time of the process so far. */
  Duration cpu() {
    return process.toHandle().info().totalCpuDuration().orElseThrow();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
