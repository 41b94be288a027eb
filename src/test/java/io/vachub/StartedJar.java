package io.vachub;

import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A packaged jar in a process of its own, on free ports. */
final class StartedJar implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Pattern STARTED = Pattern.compile("Started \\w+Application");

  /** What tells the HTTP port in the log. */
  static final Pattern HTTP_PORT = Pattern.compile("Tomcat started on port (\\d+)");

  /** What tells the gRPC port in the log. */
  static final Pattern GRPC_PORT = Pattern.compile("gRPC Server started.*port: (\\d+)");

  private final Path log;
  private final Process process;

  private StartedJar(Path log, Process process) {
    this.log = log;
    this.process = process;
  }

  /** With this option of the JVM, logging to a file of this directory. */
  static StartedJar start(Path directory, String jvmOption, String... properties)
      throws IOException {
    return start(PackagedJar.path(), directory, jvmOption, properties);
  }

  /** The same with another jar, of a service by either starter. */
  static StartedJar start(Path jar, Path directory, String jvmOption, String... properties)
      throws IOException {
    Path log = directory.resolve("log");
    List<String> command =
        new ArrayList<>(
            List.of(
                Jdk.command("java"),
                jvmOption,
                "-jar",
                jar.toString(),
                "--grpc.server.port=0",
                "--spring.grpc.server.port=0",
                "--server.port=0",
                "--vachub.drain.quiet-period=0s"));
    for (String property : properties) {
      command.add("--" + property);
    }
    return new StartedJar(
        log,
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start());
  }

  StartedJar awaitStart() {
    await()
        .atMost(PATIENCE)
        .failFast(() -> !process.isAlive())
        .until(() -> STARTED.matcher(log()).find());
    return this;
  }

  /** What it has logged so far. */
  String log() throws IOException {
    return Files.readString(log);
  }

  /** The status code of this page. */
  int get(String path) throws IOException, InterruptedException {
    return page(path).statusCode();
  }

  /** This page. */
  HttpResponse<String> page(String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://localhost:" + port(HTTP_PORT) + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  ManagedChannel channel() throws IOException {
    return ManagedChannelBuilder.forAddress("localhost", port(GRPC_PORT)).usePlaintext().build();
  }

  /** Ends it as Kubernetes does; all that it has logged. */
  String terminate() throws IOException, InterruptedException {
    signal();
    exitCode();
    return log();
  }

  /** Asks it to end, as Kubernetes does. */
  void signal() {
    process.destroy();
  }

  /** Waits for its end. */
  int exitCode() throws InterruptedException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("it does not end, see " + log);
    }
    return process.exitValue();
  }

  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  private int port(Pattern pattern) throws IOException {
    Matcher matcher = pattern.matcher(log());
    if (!matcher.find()) {
      throw new AssertionError("no " + pattern + " in " + log());
    }
    return Integer.parseInt(matcher.group(1));
  }
}
