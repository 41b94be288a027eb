package io.vachub.chart;

import com.jayway.jsonpath.JsonPath;
import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * What Helm makes of the chart and some values: release {@code hub} in namespace {@code streams}.
 */
record Manifests(List<Map<String, Object>> objects) {

  static final Path CHART = Path.of("helm/vac-hub");

  /** The cluster that is rendered for; a Helm in the JVM would take an old one. */
  static final String KUBERNETES = "1.37.2";

  /** The sets of values beside the chart, each a way to run it. */
  static List<Path> valueSets() {
    try (Stream<Path> files = Files.list(CHART.resolve("ci"))) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path valueSet(String name) {
    return CHART.resolve("ci").resolve(name + "-values.yaml");
  }

  static Manifests render(Path values) {
    return render(CHART, values);
  }

  static Manifests render(Path chart, Path values) {
    return render(chart, "hub", values);
  }

  static Manifests render(Path chart, String release, Path values) {
    return parse(text(chart, release, "streams", values));
  }

  /** The same release elsewhere. */
  static Manifests renderIn(String namespace, Path values) {
    return parse(text(CHART, "hub", namespace, values));
  }

  private static Manifests parse(String yaml) {
    LoaderOptions strict = new LoaderOptions();
    strict.setAllowDuplicateKeys(false);
    List<Map<String, Object>> objects = new ArrayList<>();
    for (Object document : new Yaml(strict).loadAll(yaml == null ? "" : yaml)) {
      if (document != null) {
        objects.add(asMap(document));
      }
    }
    return new Manifests(objects);
  }

  /** What Helm writes, to the letter; null if that is nothing. */
  static String text(Path chart, String release, String namespace, Path values) {
    return new Helm(chart)
        .template()
        .withName(release)
        .withNamespace(namespace)
        .withKubeVersion(KUBERNETES)
        .withValuesFile(values.toAbsolutePath())
        .call();
  }

  static Manifests render(String values) {
    return withFile(values, Manifests::render);
  }

  static Manifests render(String release, String values) {
    return withFile(values, file -> render(CHART, release, file));
  }

  /** Calls with a file of these values, which is gone afterwards. */
  static <T> T withFile(String values, Function<Path, T> call) {
    try {
      Path file = Files.createTempFile("values", ".yaml");
      try {
        return call.apply(Files.writeString(file, values));
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<String> kinds() {
    return objects.stream().map(object -> (String) object.get("kind")).toList();
  }

  /** The only object of its kind; for Services and Pods the one with no suffix to its name. */
  Map<String, Object> the(String kind) {
    List<Map<String, Object>> found =
        objects.stream().filter(object -> object.get("kind").equals(kind)).toList();
    if (found.size() == 1) {
      return found.get(0);
    }
    return named(kind, "hub-vac-hub");
  }

  Map<String, Object> named(String kind, String name) {
    return objects.stream()
        .filter(object -> object.get("kind").equals(kind))
        .filter(object -> JsonPath.read(object, "$.metadata.name").equals(name))
        .findAny()
        .orElseThrow(() -> new AssertionError("no " + kind + " " + name + " among " + kinds()));
  }

  <T> T read(String kind, String path) {
    return JsonPath.read(the(kind), path);
  }

  /** What runs in pods: the service, and the load testers if there are any. */
  List<Map<String, Object>> podSpecs() {
    return objects.stream()
        .filter(object -> List.of("Deployment", "Job").contains(object.get("kind")))
        .map(object -> JsonPath.<Map<String, Object>>read(object, "$.spec.template.spec"))
        .toList();
  }

  /** The environment of the service, by name. */
  Map<String, Object> environment() {
    List<Map<String, Object>> variables =
        read("Deployment", "$.spec.template.spec.containers[0].env");
    return variables.stream()
        .collect(
            Collectors.toMap(
                variable -> (String) variable.get("name"),
                variable -> String.valueOf(variable.get("value"))));
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> asMap(Object value) {
    return (Map<String, Object>) value;
  }
}
