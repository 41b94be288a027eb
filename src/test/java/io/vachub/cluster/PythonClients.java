package io.vachub.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** Clients as the guide has them, in Python with grpcio, as a pod of the cluster. */
final class PythonClients {

  private static final String NAME = "python";

  private PythonClients() {}

  /** Runs so many streams of them while something is done; the status of each that ended. */
  static List<String> play(Release release, int streams, Runnable meanwhile) throws IOException {
    release
        .kubernetes()
        .apply(
            Map.of(
                "apiVersion",
                "v1",
                "kind",
                "ConfigMap",
                "metadata",
                Map.of("name", NAME, "namespace", release.namespace()),
                "data",
                Map.of(
                    "reopening_client.py",
                    Files.readString(Path.of("src/test/python/reopening_client.py")),
                    "streaming.proto",
                    Files.readString(Path.of("proto/streaming.proto")))));
    release.kubernetes().apply(pod(release, streams));
    awaitPhase(release, "Running");
    Process input =
        new ProcessBuilder("kubectl", "attach", "-i", NAME, "-n", release.namespace())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      meanwhile.run();
    } finally {
      input.outputWriter().close();
    }
    awaitPhase(release, "Succeeded");
    return release.kubectl("logs", NAME).lines().toList();
  }

  private static void awaitPhase(Release release, String phase) {
    String path = release.api() + "/pods/" + NAME;
    Awaitility.await(NAME + " is " + phase)
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofSeconds(1))
        .until(
            () ->
                release
                    .kubernetes()
                    .get(path)
                    .path("status")
                    .path("phase")
                    .asString()
                    .equals(phase));
  }

  /** As restricted as a load tester's. */
  private static Object pod(Release release, int streams) {
    Map<String, Object> container = new LinkedHashMap<>();
    container.put("name", NAME);
    container.put("image", Settings.pythonImage());
    container.put("imagePullPolicy", "IfNotPresent");
    container.put(
        "command",
        List.of(
            "python3", "/client/reopening_client.py", "vac-hub:50051", "" + streams, "/client"));
    container.put("stdin", true);
    container.put("stdinOnce", true);
    container.put("volumeMounts", List.of(Map.of("name", "client", "mountPath", "/client")));
    container.put(
        "securityContext",
        Map.of("allowPrivilegeEscalation", false, "capabilities", Map.of("drop", List.of("ALL"))));
    return Map.of(
        "apiVersion",
        "v1",
        "kind",
        "Pod",
        "metadata",
        Map.of("name", NAME, "namespace", release.namespace()),
        "spec",
        Map.of(
            "restartPolicy",
            "Never",
            "automountServiceAccountToken",
            false,
            "securityContext",
            Map.of(
                "runAsNonRoot",
                true,
                "runAsUser",
                65532,
                "seccompProfile",
                Map.of("type", "RuntimeDefault")),
            "containers",
            List.of(container),
            "volumes",
            List.of(Map.of("name", "client", "configMap", Map.of("name", NAME)))));
  }
}
