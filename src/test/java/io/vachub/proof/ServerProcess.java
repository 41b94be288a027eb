package io.vachub.proof;

import static org.awaitility.Awaitility.await;

import io.vachub.Jdk;
import io.vachub.PackagedJar;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The packaged jar in a process of its own, with {@link RecordingBeans}. It keeps its ports when it
 * is started again.
 */
final class ServerProcess implements AutoCloseable {

  private static final Duration START = Duration.ofMinutes(5);

  private static final int LOWEST_PORT = 10_000;

  /** On Linux; elsewhere it is higher. */
  private static final int LOWEST_OF_CONNECTIONS = 32_768;

  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

  private final String name;
  private final Path directory;
  private final List<String> properties;
  private final int grpcPort = freePort();
  private final int metricsPort;

  private Process process;

  /** Not yet started. */
  ServerProcess(String name, Path directory, List<String> properties) {
    this(name, freePort(), directory, properties);
  }

  ServerProcess(String name, int metricsPort, Path directory, List<String> properties) {
    this.name = name;
    this.metricsPort = metricsPort;
    this.directory = directory;
    this.properties = properties;
  }

  /**
   * A port that is free now, and below those that systems give to connections: one of the clients'
   * could take it before the server does, or while that restarts.
   */
  static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST_PORT, LOWEST_OF_CONNECTIONS);
      try (ServerSocket socket = new ServerSocket(port)) {
        return socket.getLocalPort();
      } catch (BindException e) {
        // Taken; another one.
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  int grpcPort() {
    return grpcPort;
  }

  int metricsPort() {
    return metricsPort;
  }

  long pid() {
    return process.pid();
  }

  /** Starts it. */
  ServerProcess start() {
    try {
      List<String> command =
          new ArrayList<>(
              List.of(
                  Jdk.command("java"),
                  "-Xmx512m",
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  // Names the servers of a run, as DNS does on Kubernetes.
                  "-Djdk.net.hosts.file=" + hosts(),
                  "-Dloader.path=" + recordingClasses(),
                  "-cp",
                  PackagedJar.path().toString(),
                  // As java -jar does, with one more directory on the class path.
                  "org.springframework.boot.loader.launch.PropertiesLauncher",
                  "--spring.main.sources=" + RecordingBeans.class.getName(),
                  "--vachub.proof.ledger=" + new Ledger(directory).file(),
                  "--logging.level.io.vachub.streamer=WARN",
                  "--grpc.server.port=" + grpcPort,
                  "--server.port=" + metricsPort));
      properties.forEach(property -> command.add("--" + property));
      File log = directory.resolve(name + ".log").toFile();
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  ServerProcess awaitReady() {
    await(name + " is ready").atMost(START).until(() -> !process.isAlive() || isReady());
    if (!process.isAlive()) {
      throw new AssertionError(name + " did not start, see " + directory);
    }
    return this;
  }

  private boolean isReady() {
    return get("/actuator/health/readiness") != null;
  }

  /** The value of this series; empty if the server does not answer. */
  OptionalDouble metric(String series) {
    String page = get("/actuator/prometheus");
    return page == null
        ? OptionalDouble.empty()
        : page.lines()
            .filter(line -> line.startsWith(series + " "))
            .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
            .findFirst();
  }

  /** The sum of the series of this name with any labels; 0 if the server does not answer. */
  double sum(String metric) {
    String page = get("/actuator/prometheus");
    return page == null
        ? 0
        : page.lines()
            .filter(line -> line.startsWith(metric + "{") || line.startsWith(metric + " "))
            .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
            .sum();
  }

  private String get(String path) {
    try {
      HttpResponse<String> response =
          HTTP.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + metricsPort + path))
                  .timeout(Duration.ofSeconds(5))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      return response.statusCode() == 200 ? response.body() : null;
    } catch (IOException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Sends SIGTERM. */
  void terminate() {
    process.destroy();
  }

  /** Sends SIGKILL and waits until it is gone. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Waits for its end. */
  int exitCode() throws InterruptedException {
    if (!process.waitFor(2, TimeUnit.MINUTES)) {
      throw new AssertionError(name + " does not end, see " + directory);
    }
    return process.exitValue();
  }

  @Override
  public void close() throws InterruptedException {
    if (process != null) {
      kill();
    }
  }

  /** The run's own hosts file, in which localhost alone is known at first. */
  private Path hosts() throws IOException {
    Path hosts = directory.resolve("hosts");
    if (!Files.exists(hosts)) {
      Files.writeString(hosts, "127.0.0.1 localhost\n");
    }
    return hosts;
  }

  /** The recording alone, so that the scan finds no bean of another test. */
  private Path recordingClasses() {
    String path = RecordingBeans.class.getPackageName().replace('.', '/');
    Path target = directory.resolve("classes");
    try {
      Path source =
          Path.of(RecordingBeans.class.getProtectionDomain().getCodeSource().getLocation().toURI())
              .resolve(path);
      Files.createDirectories(target.resolve(path));
      try (Stream<Path> files = Files.list(source)) {
        for (Path file : files.toList()) {
          Path copy = target.resolve(path).resolve(file.getFileName());
          if (file.getFileName().toString().startsWith("RecordingBeans") && !Files.exists(copy)) {
            Files.copy(file, copy);
          }
        }
      }
      return target;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
