package io.vachub.cluster;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;

/** The release that exams share, installed with the first of them. */
final class Fleet implements AutoCloseable {

  /** The chart's {@code autoscaling.minReplicas}. */
  static final int FEWEST = 3;

  private final Kubernetes kubernetes = Kubernetes.connect();
  private Release release;

  Kubernetes kubernetes() {
    return kubernetes;
  }

  /** Begins an exam on the fewest pods, with no streams. */
  Exam begin(String name) {
    if (release == null) {
      release = Release.in(Settings.namespace(), kubernetes);
      release.createNamespace();
      release.upgrade();
    }
    rest();
    return new Exam(name, release);
  }

  private void rest() {
    await("the autoscaler knows of no stream", () -> averageStreams().matches("0|"));
    release.kubectl("scale", "deployment/" + Release.NAME, "--replicas=" + FEWEST);
    await(
        FEWEST + " pods, all of them ready",
        () ->
            release.pods().size() == FEWEST
                && release
                    .kubectl(
                        "get", "deployment", Release.NAME, "-o=jsonpath={.status.readyReplicas}")
                    .equals(String.valueOf(FEWEST)));
  }

  private String averageStreams() {
    return release
        .autoscaler()
        .path("status")
        .path("currentMetrics")
        .path(0)
        .path("pods")
        .path("current")
        .path("averageValue")
        .asString("");
  }

  private static void await(String what, Callable<Boolean> condition) {
    Awaitility.await(what)
        .atMost(Duration.ofMinutes(5))
        .pollInterval(Duration.ofSeconds(1))
        .until(condition);
  }

  @Override
  public void close() {
    if (release != null && !Boolean.getBoolean("cluster.keep")) {
      release.deleteNamespace();
    }
    kubernetes.close();
  }
}
