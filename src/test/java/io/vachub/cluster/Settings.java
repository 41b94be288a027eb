package io.vachub.cluster;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.convert.DurationStyle;

/** What a user says of the cluster and of the exams, as {@code -Dcluster.NAME=VALUE}. */
final class Settings {

  static final Path CHART = Path.of("helm/vac-hub");

  private Settings() {}

  /** The namespace of the release that most exams share; others are named after it. */
  static String namespace() {
    return text("namespace", "vac-hub-exam");
  }

  /** Most pods of the fleet; the recorded load asks for a fifth more. */
  static int pods() {
    return Integer.getInteger("cluster.pods", 10);
  }

  /** Time between two steps of the recorded load. */
  static Duration step() {
    return duration("step", "30s");
  }

  /** How long the recorded load stays at its height. */
  static Duration hold() {
    return duration("hold", "90s");
  }

  /** An L7 proxy in front of the shared release's ready pods, {@code host:port}; empty if none. */
  static String l7() {
    return text("l7", "");
  }

  /** The targets that are loaded, of {@link Target}; empty for all. */
  static List<String> targets() {
    String targets = text("targets", "");
    return targets.isEmpty() ? List.of() : List.of(targets.split(","));
  }

  /** A shell command that kills the process of {@code $POD} on {@code $NODE}; empty if none. */
  static String kill() {
    return text("kill", "");
  }

  /** A shell command that stops the Prometheus behind the HPA. */
  static String prometheusStop() {
    return text("prometheus.stop", scalePrometheus(0));
  }

  /** A shell command that starts it again. */
  static String prometheusStart() {
    return text("prometheus.start", scalePrometheus(1));
  }

  /** An image with Python and grpcio, for the guide's client; empty if none. */
  static String pythonImage() {
    return text("python-image", "");
  }

  /** The GatewayClass of an implementation of Gateway API; empty if there is none. */
  static String gatewayClass() {
    return text("gateway-class", "");
  }

  /** The port that its Gateways may listen on. */
  static int gatewayPort() {
    return Integer.getInteger("cluster.gateway-port", 443);
  }

  /** Helm's arguments that every install has: the cluster's values, the exams', the images. */
  static List<String> helmValues() {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("-f", text("values", CHART + "/ci/prometheus-adapter-values.yaml")));
    arguments.addAll(List.of("-f", "src/test/resources/cluster/exam-values.yaml"));
    arguments.addAll(images());
    arguments.addAll(List.of("--set", "autoscaling.maxReplicas=" + pods()));
    String more = text("set", "");
    if (!more.isEmpty()) {
      arguments.addAll(List.of("--set", more));
    }
    return arguments;
  }

  /** Helm's arguments that name the images. */
  static List<String> images() {
    List<String> arguments = new ArrayList<>();
    String image = text("image", "vac-hub:e2e");
    set(arguments, "image", image);
    set(arguments, "loadtest.image", text("loadtest-image", withSuffix(image)));
    return arguments;
  }

  private static void set(List<String> arguments, String value, String image) {
    String digest = image.contains("@") ? image.substring(image.indexOf('@') + 1) : "";
    String named = image.contains("@") ? image.substring(0, image.indexOf('@')) : image;
    int colon = named.lastIndexOf(':') > named.lastIndexOf('/') ? named.lastIndexOf(':') : -1;
    String repository = colon < 0 ? named : named.substring(0, colon);
    String tag = colon < 0 ? "" : named.substring(colon + 1);
    arguments.addAll(List.of("--set-string", value + ".repository=" + repository));
    arguments.addAll(List.of("--set-string", value + ".tag=" + tag));
    arguments.addAll(List.of("--set-string", value + ".digest=" + digest));
  }

  private static String withSuffix(String image) {
    if (image.contains("@")) {
      throw new IllegalArgumentException(
          "cluster.image: %s (expected: with cluster.loadtest-image beside a digest)"
              .formatted(image));
    }
    int colon = image.lastIndexOf(':');
    return colon > image.lastIndexOf('/')
        ? image.substring(0, colon) + "-loadtest" + image.substring(colon)
        : image + "-loadtest";
  }

  private static String scalePrometheus(int replicas) {
    return "kubectl scale deployment/prometheus-server -n monitoring --replicas=" + replicas;
  }

  private static Duration duration(String name, String otherwise) {
    return DurationStyle.detectAndParse(text(name, otherwise));
  }

  private static String text(String name, String otherwise) {
    return System.getProperty("cluster." + name, otherwise).trim();
  }
}
