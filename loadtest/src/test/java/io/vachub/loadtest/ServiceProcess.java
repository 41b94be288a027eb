package io.vachub.loadtest;

import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The real service as the image starts it, in a process of its own on random ports. */
final class ServiceProcess implements AutoCloseable {

  private final HttpClient http = HttpClient.newHttpClient();
  private final Process process;
  private final int grpcPort;
  private final int metricsPort;

  private ServiceProcess(Process process, int grpcPort, int metricsPort) {
    this.process = process;
    this.grpcPort = grpcPort;
    this.metricsPort = metricsPort;
  }

  /** Starts the service as this pod with these properties, and waits until it is ready. */
  static ServiceProcess start(Path directory, String pod, String... properties) throws IOException {
    Optional<Path> jar = jar();
    assumeThat(jar).as("the service's jar in ../target: mvn package at the root").isPresent();
    int grpcPort = freePort();
    int metricsPort = freePort();
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-Dspring.aot.enabled=true",
                "-jar",
                jar.get().toString(),
                "--grpc.server.port=" + grpcPort,
                "--server.port=" + metricsPort));
    command.addAll(Arrays.asList(properties));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve(pod + ".log").toFile());
    builder.environment().put("HOSTNAME", pod);
    ServiceProcess service = new ServiceProcess(builder.start(), grpcPort, metricsPort);
    await(pod).atMost(90, TimeUnit.SECONDS).until(service::isReady);
    return service;
  }

  String address() {
    return "127.0.0.1:" + grpcPort;
  }

  String metricsAddress() {
    return "127.0.0.1:" + metricsPort;
  }

  /** The sum of all series of this metric that have this in their labels; 0 where there is none. */
  long metric(String name, String label) throws IOException, InterruptedException {
    return (long)
        get("/actuator/prometheus")
            .body()
            .lines()
            .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
            .filter(line -> line.contains(label))
            .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
            .sum();
  }

  long metric(String name) throws IOException, InterruptedException {
    return metric(name, "");
  }

  long processed() throws IOException, InterruptedException {
    return metric("app_message_processed_count_total");
  }

  /** Asks the service to shut down, as Kubernetes does, and does not wait for it. */
  void terminate() {
    process.destroy();
  }

  /** Ends the service without a word to anybody. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
  }

  private boolean isReady() throws InterruptedException {
    if (!process.isAlive()) {
      throw new IllegalStateException("the service ended with code " + process.exitValue());
    }
    try {
      return get("/actuator/health/readiness").statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://" + metricsAddress() + path);
    return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static Optional<Path> jar() throws IOException {
    Path target = Path.of("..", "target");
    if (!Files.isDirectory(target)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(target)) {
      return files
          .filter(file -> file.getFileName().toString().matches("vac-hub-\\d[\\w.-]*\\.jar"))
          .findFirst();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
