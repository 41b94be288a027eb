package io.vachub.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;

/** The chart, installed as {@code vac-hub} in a namespace that enforces the restricted standard. */
record Release(Kubernetes kubernetes, String namespace, List<String> values) {

  static final String NAME = "vac-hub";

  /** In a namespace, with these arguments of Helm after those that all have. */
  static Release in(String namespace, Kubernetes kubernetes, String... more) {
    List<String> values = new ArrayList<>(Settings.helmValues());
    values.addAll(List.of(more));
    return new Release(kubernetes, namespace, values);
  }

  void createNamespace() {
    kubernetes.apply(
        Map.of(
            "apiVersion",
            "v1",
            "kind",
            "Namespace",
            "metadata",
            Map.of(
                "name",
                namespace,
                "labels",
                Map.of("pod-security.kubernetes.io/enforce", "restricted"))));
  }

  /** Installs it, or takes it to its values with these on top, and waits until it is ready. */
  void upgrade(String... more) {
    List<String> arguments = new ArrayList<>(values);
    arguments.addAll(List.of(more));
    arguments.addAll(List.of("--wait", "--timeout", "8m"));
    helm("upgrade", "--install", arguments);
  }

  void rollback() {
    Kubernetes.run(
        Map.of(), "", "helm", "rollback", NAME, "-n", namespace, "--wait", "--timeout", "8m");
  }

  /** Takes it away with its namespace, without the patience of a drain. */
  void deleteNamespace() {
    kubectl("delete", "deployments,pods", "--all", "--now", "--wait=false");
    Kubernetes.kubectl("delete", "namespace", namespace, "--timeout=5m");
  }

  /**
   * The pod of a load tester as the chart makes it, for this target or the release's Service. A
   * Secret, if it is not empty, is mounted at {@code /etc/edge}.
   */
  Map<String, Object> loadTester(String name, String target, List<String> flags, String secret) {
    List<String> arguments = new ArrayList<>(values);
    arguments.addAll(List.of("--validate", "--show-only", "templates/loadtest.yaml"));
    arguments.addAll(List.of("--set", "loadtest.enabled=true"));
    arguments.addAll(List.of("--set-string", "loadtest.target=" + target.replace(",", "\\,")));
    arguments.addAll(
        List.of("--set-json", "loadtest.args=" + Kubernetes.JSON.writeValueAsString(flags)));
    Map<String, Object> job = new Yaml().load(helm("template", "", arguments));
    Map<String, Object> pod = at(at(job, "spec"), "template");
    pod.put("apiVersion", "v1");
    pod.put("kind", "Pod");
    at(pod, "metadata").put("name", name);
    at(pod, "metadata").put("namespace", namespace);
    at(at(pod, "metadata"), "labels").put("exam", name);
    if (!secret.isEmpty()) {
      Map<String, Object> spec = at(pod, "spec");
      list(spec, "volumes").add(Map.of("name", "edge", "secret", Map.of("secretName", secret)));
      list(list(spec, "containers").get(0), "volumeMounts")
          .add(Map.of("name", "edge", "mountPath", "/etc/edge"));
    }
    return pod;
  }

  /** The pods of its Deployment. */
  JsonNode pods() {
    return kubernetes.get(api() + "/pods?labelSelector=app%3Dvac-hub").path("items");
  }

  JsonNode autoscaler() {
    return kubernetes
        .get("/apis/autoscaling/v2/namespaces/%s/horizontalpodautoscalers".formatted(namespace))
        .path("items")
        .path(0);
  }

  /** Whether the autoscaler can tell how many pods there should be: True or False. */
  String scalingActive() {
    return autoscaler()
        .path("status")
        .path("conditions")
        .valueStream()
        .filter(condition -> condition.path("type").asString().equals("ScalingActive"))
        .map(condition -> condition.path("status").asString())
        .findFirst()
        .orElse("");
  }

  /** Gives the autoscaler another number of streams to aim at on each pod. */
  void target(String streams) {
    kubectl(
        "patch",
        "hpa",
        NAME,
        "--type=json",
        "--patch",
        "[{'op':'replace','path':'/spec/metrics/0/pods/target/averageValue','value':'%s'}]"
            .formatted(streams)
            .replace('\'', '"'));
  }

  String api() {
    return "/api/v1/namespaces/" + namespace;
  }

  String kubectl(String... arguments) {
    List<String> command = new ArrayList<>(List.of("-n", namespace));
    command.addAll(List.of(arguments));
    return Kubernetes.kubectl(command.toArray(String[]::new));
  }

  private String helm(String verb, String option, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of("helm", verb));
    if (!option.isEmpty()) {
      command.add(option);
    }
    command.addAll(List.of(NAME, Settings.CHART.toString(), "-n", namespace));
    command.addAll(arguments);
    return Kubernetes.run(Map.of(), "", command.toArray(String[]::new));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> at(Map<String, Object> object, String key) {
    return (Map<String, Object>) object.get(key);
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> list(Map<String, Object> object, String key) {
    return (List<Map<String, Object>>) object.get(key);
  }
}
