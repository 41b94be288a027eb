package io.vachub.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The cluster that {@code KUBECONFIG} names: written to by kubectl, read from by its proxy. */
final class Kubernetes implements AutoCloseable {

  static final JsonMapper JSON = new JsonMapper();

  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final Process proxy;
  private final URI api;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();

  private Kubernetes(Process proxy, URI api) {
    this.proxy = proxy;
    this.api = api;
  }

  /** Why there is no cluster to examine, in one sentence; empty if there is one. */
  static Optional<String> missing() {
    String kubeconfig = System.getenv("KUBECONFIG");
    if (kubeconfig == null || kubeconfig.isBlank()) {
      return Optional.of("KUBECONFIG names no cluster, so that there is none to examine.");
    }
    for (String tool : List.of("kubectl", "helm")) {
      if (Stream.of(System.getenv("PATH").split(":"))
          .noneMatch(folder -> Files.isExecutable(Path.of(folder, tool)))) {
        return Optional.of("No exam on a cluster without %s on the PATH.".formatted(tool));
      }
    }
    try {
      run(Map.of(), "", "kubectl", "get", "--raw", "/readyz", "--request-timeout=10s");
      return Optional.empty();
    } catch (IllegalStateException e) {
      return Optional.of(
          "The cluster of KUBECONFIG (%s) does not answer: %s"
              .formatted(kubeconfig, e.getMessage().strip().replace('\n', ' ')));
    }
  }

  static Kubernetes connect() {
    try {
      Process proxy =
          new ProcessBuilder("kubectl", "proxy", "--port=0").redirectErrorStream(true).start();
      BufferedReader said = proxy.inputReader();
      String line = said.readLine();
      if (line == null || !line.contains("127.0.0.1:")) {
        throw new IllegalStateException("kubectl proxy: " + line);
      }
      String port = line.substring(line.lastIndexOf(':') + 1).trim();
      return new Kubernetes(proxy, URI.create("http://127.0.0.1:" + port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An object or a list of the API. */
  JsonNode get(String path) {
    return find(path).orElseThrow(() -> new IllegalStateException("no " + path));
  }

  /** The same, if there is one. */
  Optional<JsonNode> find(String path) {
    return text(path).join().map(JSON::readTree);
  }

  /** What is at a path, such as a pod's page by the API server; empty for any failure. */
  CompletableFuture<Optional<String>> text(String path) {
    HttpRequest request = HttpRequest.newBuilder(api.resolve(path)).timeout(TIMEOUT).build();
    return http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
        .thenApply(r -> r.statusCode() == 200 ? Optional.of(r.body()) : Optional.<String>empty())
        .exceptionally(e -> Optional.empty());
  }

  /** Creates or changes an object. */
  void apply(Object object) {
    run(Map.of(), JSON.writeValueAsString(object), "kubectl", "apply", "-f", "-");
  }

  /** Runs kubectl and returns what it writes. */
  static String kubectl(String... arguments) {
    List<String> command = new ArrayList<>(List.of("kubectl"));
    command.addAll(List.of(arguments));
    return run(Map.of(), "", command.toArray(String[]::new));
  }

  /** Runs a command and returns what it writes; what it says is in the exception if it fails. */
  static String run(Map<String, String> environment, String input, String... command) {
    try {
      Path errors = Files.createTempFile("errors", ".txt");
      try {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try (var in = process.outputWriter()) {
          in.write(input);
        }
        String output = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
          throw new IllegalStateException(
              String.join(" ", command) + ": " + Files.readString(errors) + output);
        }
        return output;
      } finally {
        Files.delete(errors);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    proxy.destroy();
    try {
      if (!proxy.waitFor(5, TimeUnit.SECONDS)) {
        proxy.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
