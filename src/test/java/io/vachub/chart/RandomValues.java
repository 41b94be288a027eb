package io.vachub.chart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.Yaml;

/**
 * Sets of values made at random from the schema: some as it asks, some hostile. The same seed makes
 * the same sets.
 */
final class RandomValues {

  /** Strings that some reader takes for something else, and plausible ones of each kind. */
  private static final List<String> STRINGS =
      List.of(
          "",
          "a",
          "on",
          "no",
          "true",
          "null",
          "~",
          "1234",
          "007",
          "1e3",
          "0x1F",
          "1_000",
          "12:30:45",
          "2026-11-25",
          "20261125",
          ".inf",
          "a.b",
          "a-",
          "-a",
          "a_b",
          "A",
          "a b",
          " a",
          "a ",
          "a: b",
          "a #b",
          "{a: b}",
          "[a]",
          "{{ .Values }}",
          "*a",
          "&a",
          "!a",
          "%a",
          "@a",
          "'",
          "\"",
          "\\",
          "a\nhostNetwork: true",
          "a\", \"hostNetwork\": \"true",
          "\thostNetwork: true",
          "---\nkind: Pod",
          "é",
          "\u0000",
          "\u2028",
          "💥",
          "a\r\nb",
          "$(HOSTNAME)",
          "..",
          "/",
          "/a",
          "/a.B",
          "/a.B/C",
          "/a//b",
          "/a/../b",
          "*.example.com",
          "example.com",
          "example.com:443",
          "192.0.2.1",
          "2001:db8::1",
          "10.0.0.0/8",
          "10.1.2.3/8",
          "fd00::/8",
          "fd00::1/8",
          "1::2::3/16",
          "1:2:3:4:5:6:7::/112",
          "kubernetes.io/h2c",
          "300.0.0.0/8",
          "http://a.b:4318/c?d=e",
          "http://a b",
          "registry.example.com:5000/a/b-c",
          "a".repeat(46),
          "a".repeat(63),
          "a".repeat(64),
          "a".repeat(254),
          "sha256:" + "0".repeat(64),
          "0",
          "0s",
          "1ms",
          "5s",
          "20s",
          "5m",
          "1h",
          "99999h",
          "1d",
          "1h30m",
          "1",
          "25%",
          "0%",
          "100%",
          "250m",
          "64Mi",
          "2Gi",
          "1.5",
          "app",
          "app.kubernetes.io/name",
          "app.kubernetes.io/component",
          "example.com/note",
          "cpu",
          "memory",
          "tmp",
          "tls",
          "server",
          "grpc",
          "gke-l7-rilb",
          "gke-l7-regional-external-managed",
          "envoy",
          "gmp-adapter",
          "gke-native",
          "gke-promql",
          "prometheus-adapter",
          "keda",
          "VACHUB_HANDOFF_MARGIN",
          "--rate=5");

  /** What chance would hardly find: parts that fit to each other and to the chart's own. */
  private static final Map<String, List<Map<String, Object>>> SAMPLES =
      Map.of(
          "volumes",
              List.of(
                  Map.of("name", "tmp", "emptyDir", Map.of()),
                  Map.of("name", "a", "configMap", Map.of("name", "on"))),
          "volumeMounts",
              List.of(
                  Map.of("name", "tmp", "mountPath", "/tmp"),
                  Map.of("name", "tmp", "mountPath", "/a"),
                  Map.of("name", "a", "mountPath", "/b")),
          "initContainers",
              List.of(
                  Map.of("name", "a", "image", "a"),
                  Map.of("name", "c", "image", "a", "restartPolicy", "Always")),
          "sidecars",
              List.of(
                  Map.of("name", "server", "image", "a"),
                  Map.of(
                      "name",
                      "b",
                      "image",
                      "a",
                      "ports",
                      List.of(Map.of("name", "b", "containerPort", 8080)),
                      "volumeMounts",
                      List.of(Map.of("name", "tmp", "mountPath", "/tmp")))),
          "extraObjects",
              List.of(
                  Map.of(
                      "apiVersion",
                      "v1",
                      "kind",
                      "ConfigMap",
                      "metadata",
                      Map.of("name", "a-{{ .Release.Revision }}")),
                  Map.of(
                      "apiVersion",
                      "v1",
                      "kind",
                      "Service",
                      "metadata",
                      Map.of("name", "{{ include \"vac-hub.fullname\" . }}"))));

  private final Random random;
  private final Map<String, Object> schema;
  private final List<List<String>> paths = new ArrayList<>();

  RandomValues(long seed) {
    random = new Random(seed);
    try {
      schema = new Yaml().load(Files.readString(Manifests.CHART.resolve("values.schema.json")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    addPaths(schema, List.of());
  }

  private void addPaths(Map<String, Object> node, List<String> path) {
    if (!path.isEmpty()) {
      paths.add(path);
    }
    if (node.get("properties") != null && !SAMPLES.containsKey(String.join(".", path))) {
      Manifests.asMap(node.get("properties"))
          .forEach(
              (name, child) -> {
                List<String> deeper = new ArrayList<>(path);
                deeper.add(name);
                addPaths(resolved(Manifests.asMap(child)), deeper);
              });
    }
  }

  /** Where there are values, such as {@code drain.spread}. */
  static List<String> paths() {
    return new RandomValues(0).paths.stream().map(path -> String.join(".", path)).toList();
  }

  /** A release's name, of those that Helm takes. */
  String release() {
    return pick(
        List.of("hub", "hub", "hub", "no", "123", "1e3", "my.release", "vac-hub", "a".repeat(53)));
  }

  /** One to five values, anywhere. */
  Map<String, Object> next() {
    Map<String, Object> values = new LinkedHashMap<>();
    for (int i = random.nextInt(5); i >= 0; i--) {
      List<String> path = pick(paths);
      Map<String, Object> at = values;
      Map<String, Object> node = schema;
      for (String name : path.subList(0, path.size() - 1)) {
        node = child(node, name);
        if (!(at.get(name) instanceof Map<?, ?>)) {
          at.put(name, new LinkedHashMap<>());
        }
        at = Manifests.asMap(at.get(name));
      }
      String last = path.get(path.size() - 1);
      at.put(last, sampled(String.join(".", path), child(node, last)));
    }
    return values;
  }

  private Object sampled(String path, Map<String, Object> node) {
    List<Map<String, Object>> samples = SAMPLES.get(path);
    if (samples == null || !path.equals("extraObjects") && random.nextBoolean()) {
      return value(node);
    }
    return type(node).equals("array") ? some(samples) : pick(samples);
  }

  private Object value(Map<String, Object> unresolved) {
    Map<String, Object> node = resolved(unresolved);
    int chance = random.nextInt(40);
    if (chance == 0) {
      return null;
    }
    if (chance == 1) {
      return pick(List.of("a", 1, true, List.of(), Map.of(), -1.5));
    }
    if (node.get("oneOf") != null && !type(node).equals("object")) {
      return value(Manifests.asMap(pick(list(node.get("oneOf")))));
    }
    if (node.get("enum") != null) {
      return pick(list(node.get("enum")));
    }
    return switch (type(node)) {
      case "boolean" -> random.nextBoolean();
      case "integer" -> number(node);
      case "number" -> random.nextBoolean() ? (Object) random.nextDouble() : number(node);
      case "array" -> array(node);
      case "object" -> object(node);
      default -> string(node);
    };
  }

  /** One of its types; null is tried anyhow. */
  private String type(Map<String, Object> node) {
    return node.get("type") instanceof List<?> types
        ? String.valueOf(pick(types.stream().filter(type -> !type.equals("null")).toList()))
        : String.valueOf(node.get("type"));
  }

  private long number(Map<String, Object> node) {
    long least = ((Number) node.getOrDefault("minimum", 0)).longValue();
    long most = ((Number) node.getOrDefault("maximum", 1_000_000)).longValue();
    return switch (random.nextInt(8)) {
      case 0 -> least;
      case 1 -> most;
      case 2 -> most + 1;
      case 3 -> 3_000_000_000L;
      default -> least + random.nextInt((int) Math.min(100, most - least + 1));
    };
  }

  private String string(Map<String, Object> node) {
    Object pattern = node.get("pattern");
    Object most = node.get("maxLength");
    if (random.nextInt(4) > 0) {
      Pattern regex = pattern == null ? null : Pattern.compile(named((String) pattern));
      List<String> fitting =
          STRINGS.stream()
              .filter(text -> regex == null || regex.matcher(text).find())
              .filter(text -> most == null || text.length() <= ((Number) most).intValue())
              .toList();
      if (!fitting.isEmpty()) {
        return pick(fitting);
      }
    }
    return pick(STRINGS);
  }

  /** Java's names of groups have no underscores, and its {@code $} would let a line's end pass. */
  private static String named(String pattern) {
    return pattern.replace("?<one_number>", "").replace("?<unit>", "").replaceAll("\\$$", "\\\\z");
  }

  private List<Object> array(Map<String, Object> node) {
    List<Object> items = new ArrayList<>();
    int most = random.nextInt(30) == 0 ? 70 : 3;
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      items.add(value(Manifests.asMap(node.get("items"))));
    }
    return items;
  }

  private Map<String, Object> object(Map<String, Object> node) {
    Map<String, Object> object = new LinkedHashMap<>();
    if (node.get("properties") != null) {
      List<Object> required = list(node.getOrDefault("required", List.of()));
      Manifests.asMap(node.get("properties"))
          .forEach(
              (name, child) -> {
                if (random.nextInt(3) == 0 || required.contains(name) && random.nextInt(20) > 0) {
                  object.put(name, value(Manifests.asMap(child)));
                }
              });
    } else if (node.get("additionalProperties") instanceof Map<?, ?> each) {
      Object keys = node.getOrDefault("propertyNames", Map.of());
      for (int i = random.nextInt(3); i > 0; i--) {
        object.put(String.valueOf(value(Manifests.asMap(keys))), value(Manifests.asMap(each)));
      }
    }
    return object;
  }

  private Map<String, Object> child(Map<String, Object> node, String name) {
    return resolved(Manifests.asMap(Manifests.asMap(node.get("properties")).get(name)));
  }

  private Map<String, Object> resolved(Map<String, Object> node) {
    return node.get("$ref") instanceof String ref
        ? Manifests.asMap(
            Manifests.asMap(schema.get("definitions"))
                .get(ref.substring("#/definitions/".length())))
        : node;
  }

  private <T> List<T> some(List<T> samples) {
    return samples.stream().filter(sample -> random.nextBoolean()).toList();
  }

  private <T> T pick(Collection<T> choices) {
    return new ArrayList<>(choices).get(random.nextInt(choices.size()));
  }

  @SuppressWarnings("unchecked")
  private static List<Object> list(Object value) {
    return (List<Object>) value;
  }
}
