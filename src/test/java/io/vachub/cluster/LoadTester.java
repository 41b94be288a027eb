package io.vachub.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;

/**
 * A load tester that runs as a pod of the cluster until it is stopped. Its report comes by its log,
 * for nothing but Java is sure to be in its image.
 */
final class LoadTester {

  private final Release release;
  private final String name;
  private final Path directory;
  private final Process log;

  private LoadTester(Release release, String name, Path directory, Process log) {
    this.release = release;
    this.name = name;
    this.directory = directory;
    this.log = log;
  }

  /**
   * Starts one; its files, named after it, go into a directory. A target of the release's own needs
   * no flags for its security; {@code secret} is what another is trusted by, empty for plaintext.
   */
  static LoadTester start(
      Release release,
      String name,
      Path directory,
      String target,
      String secret,
      List<String> flags) {
    List<String> all = new ArrayList<>(flags);
    if (!target.isEmpty()) {
      all.add(secret.isEmpty() ? "--plaintext" : "--ca=/etc/edge/ca.crt");
    }
    all.addAll(List.of("--duration=0", "--quiet", "--json=/dev/stdout", "--html=/dev/stdout"));
    release.kubernetes().apply(release.loadTester(name, target, all, secret));
    String path = release.api() + "/pods/" + name;
    Awaitility.await(name + " runs")
        .atMost(Duration.ofMinutes(3))
        .until(
            () -> release.kubernetes().get(path).path("status").path("phase").asString(),
            phase -> !phase.equals("Pending"));
    try {
      Process log =
          new ProcessBuilder("kubectl", "logs", "-f", name, "-n", release.namespace())
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve(name + ".log").toFile())
              .start();
      return new LoadTester(release, name, directory, log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String name() {
    return name;
  }

  /** Fails with what it said if it has ended. */
  void assertRunning() {
    if (!log.isAlive()) {
      throw new IllegalStateException(
          "The load tester %s has ended, and said: %s".formatted(name, beginning(said())));
    }
  }

  /** Ends the load well, and returns its report as JSON. */
  JsonNode stop() {
    release.kubectl("delete", "pod", name, "--grace-period=60", "--timeout=2m");
    try {
      if (!log.waitFor(60, TimeUnit.SECONDS)) {
        log.destroy();
      }
      String said = said();
      int json = said.indexOf("\n{\n") + 1;
      int html = said.toLowerCase().indexOf("<!doctype html>", json);
      int end = said.indexOf("</html>", html);
      if (json == 0 || html < 0 || end < 0) {
        throw new IllegalStateException(
            "The load tester %s left no report, but said: %s".formatted(name, beginning(said)));
      }
      String report = said.substring(json, html);
      Files.writeString(directory.resolve(name + ".json"), report);
      Files.writeString(directory.resolve(name + ".html"), said.substring(html, end) + "</html>\n");
      Files.writeString(
          directory.resolve(name + ".log"), said.substring(0, json) + said.substring(end + 7));
      return Kubernetes.JSON.readTree(report);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private String said() {
    try {
      return Files.readString(directory.resolve(name + ".log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String beginning(String said) {
    return said.substring(0, Math.min(2000, said.length()));
  }
}
