package io.vachub.proof;

import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A real L7 balancer: haproxy, which balances each stream on its own over h2c connections. */
final class Haproxy implements AutoCloseable {

  private static final String CONFIGURATION =
      """
      global
        maxconn 4000
        stats socket %s level admin
      defaults
        mode http
        timeout connect 5s
        timeout client 1h
        timeout server 1h
        timeout check 5s
        option redispatch 1
        retries 3
      frontend streams
        bind 127.0.0.1:%d proto h2
        default_backend pods
      backend pods
        balance %s
        option httpchk GET /actuator/health/readiness
        http-check connect proto h1
        default-server proto h2 check inter 300ms fall 1 rise 1
      """;

  private final int port = ServerProcess.freePort();
  private final Path socket;
  private final Process process;

  private Haproxy(String balance, List<ServerProcess> servers, Path directory) {
    // Not below the run's directory: the name of a socket may have a hundred characters only.
    socket = Path.of(System.getProperty("java.io.tmpdir"), "haproxy-" + port + ".sock");
    StringBuilder configuration = new StringBuilder(CONFIGURATION.formatted(socket, port, balance));
    for (ServerProcess server : servers) {
      configuration.append(
          "  server s%1$d 127.0.0.1:%1$d port %2$d%n"
              .formatted(server.grpcPort(), server.metricsPort()));
    }
    try {
      Path file = directory.resolve("haproxy.cfg");
      Files.writeString(file, configuration);
      process =
          new ProcessBuilder("haproxy", "-db", "-f", file.toString())
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("haproxy.log").toFile())
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Skips the test where haproxy is missing. */
  static void assumeInstalled() {
    boolean installed;
    try {
      installed = new ProcessBuilder("haproxy", "-v").start().waitFor() == 0;
    } catch (IOException e) {
      installed = false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    assumeThat(installed).as("haproxy (apt-get install haproxy)").isTrue();
  }

  /** Starts it in front of these servers; it uses those that are ready. */
  static Haproxy start(String balance, List<ServerProcess> servers, Path directory) {
    Haproxy haproxy = new Haproxy(balance, servers, directory);
    await().until(haproxy::accepts);
    return haproxy;
  }

  private boolean accepts() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 1_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  int port() {
    return port;
  }

  /** Sends new streams to this server, or no longer does. */
  void use(ServerProcess server, boolean use) throws IOException {
    String command = (use ? "enable" : "disable") + " server pods/s" + server.grpcPort() + "\n";
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      channel.write(ByteBuffer.wrap(command.getBytes(StandardCharsets.UTF_8)));
      channel.read(ByteBuffer.allocate(1024));
    }
  }

  @Override
  public void close() throws InterruptedException, IOException {
    process.destroyForcibly().waitFor();
    Files.deleteIfExists(socket);
  }
}
