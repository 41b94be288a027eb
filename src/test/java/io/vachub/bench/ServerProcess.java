package io.vachub.bench;

import io.vachub.Jdk;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A contender at work, in a process of its own. */
final class ServerProcess implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Path log;
  private final int grpcPort = freePort();
  private final int httpPort = freePort();
  private final Process process;

  private ServerProcess(Contender contender, Cgroup cgroup) throws IOException {
    log =
        Files.createDirectories(Path.of("target", "bench"))
            .resolve(contender.name().replaceAll("\\W+", "-") + ".log");
    List<String> command = new ArrayList<>(cgroup.enter());
    for (String argument : contender.command()) {
      command.add(
          argument
              .replace(Contender.GRPC_PORT, Integer.toString(grpcPort))
              .replace(Contender.HTTP_PORT, Integer.toString(httpPort)));
    }
    process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  /** Starts it and waits until it accepts connections. */
  static ServerProcess start(Contender contender) throws IOException {
    return start(contender, Cgroup.NONE);
  }

  static ServerProcess start(Contender contender, Cgroup cgroup) throws IOException {
    ServerProcess server = new ServerProcess(contender, cgroup);
    server.poll(() -> server.connects(), 20);
    return server;
  }

  /** Starts it and waits until its readiness probe answers 200. */
  static ServerProcess startUntilReady(Contender contender, Cgroup cgroup) throws IOException {
    ServerProcess server = new ServerProcess(contender, cgroup);
    server.poll(() -> server.get("/actuator/health/readiness").startsWith("HTTP/1.1 200"), 5);
    return server;
  }

  private interface Attempt {
    boolean succeeds() throws IOException;
  }

  private void poll(Attempt attempt, long everyMillis) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() - deadline < 0 && process.isAlive()) {
      try {
        if (attempt.succeeds()) {
          return;
        }
      } catch (IOException e) {
        // Not yet.
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(everyMillis));
    }
    close();
    throw new IllegalStateException("It did not start; see " + log);
  }

  private boolean connects() throws IOException {
    new Socket(InetAddress.getLoopbackAddress(), grpcPort).close();
    return true;
  }

  /** The whole answer of the HTTP port, by nothing that costs time itself. */
  String get(String path) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), httpPort));
      String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  int grpcPort() {
    return grpcPort;
  }

  int httpPort() {
    return httpPort;
  }

  /** What it has logged so far. */
  Path log() {
    return log;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** User and system time of the process so far. */
  Duration cpu() {
    return process.toHandle().info().totalCpuDuration().orElseThrow();
  }

  /** Bytes of live objects, after a full collection. */
  long liveHeapBytes() throws IOException, InterruptedException {
    return Jdk.liveHeapBytes(process.pid());
  }

  /** The most memory that the process had at once; Linux only. */
  long peakMemoryMib() throws IOException {
    return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElseThrow();
  }

  /** As Kubernetes stops a pod; returns at once. */
  void terminate() {
    process.destroy();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
