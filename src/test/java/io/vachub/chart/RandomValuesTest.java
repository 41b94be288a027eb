package io.vachub.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.error.YAMLException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Thousands of sets of values: each is rendered into what Kubernetes takes, or refused with a
 * sentence. {@code -Dvachub.proof.long=true} tries ten times as many, {@code -Dvalues.seed=N}
 * others.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RandomValuesTest {

  private static final long SEED = Long.getLong("values.seed", 17);
  private static final int SETS = Boolean.getBoolean("vachub.proof.long") ? 20_000 : 2_000;
  private static final String LABEL = "([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?";
  private static final Set<String> POD_WIDE =
      Set.of("hostNetwork", "hostPID", "hostIPC", "nodeName");
  private static final Pattern SENTENCE =
      Pattern.compile("meet the specifications of the schema|\\(expected: ");
  private static final JsonMapper JSON = JsonMapper.shared();

  /** The objects that were rendered, each once, and the values that made it first. */
  private final Map<String, String> rendered = new LinkedHashMap<>();

  private final List<String> problems = new ArrayList<>();
  private int refused;

  @BeforeAll
  void render() {
    RandomValues random = new RandomValues(SEED);
    for (int i = 0; i < SETS; i++) {
      String release = random.release();
      // A line's end to YAML, not to JSON.
      String values = JSON.writeValueAsString(random.next()).replace("\u2028", "\\u2028");
      Manifests manifests;
      try {
        manifests = Manifests.render(release, values);
      } catch (IllegalStateException e) {
        refused++;
        if (!SENTENCE.matcher(e.getMessage()).find()) {
          problems.add(e.getMessage() + "\n  " + release + " with " + values);
        }
        continue;
      } catch (YAMLException e) {
        problems.add(e.getMessage() + "\n  " + release + " with " + values);
        continue;
      }
      for (Map<String, Object> object : manifests.objects()) {
        try {
          check(object);
        } catch (AssertionError e) {
          problems.add(e.getMessage() + "\n  " + release + " with " + values);
        }
        rendered.putIfAbsent(JSON.writeValueAsString(object), release + " with " + values);
      }
    }
  }

  @Test
  void eachSetIsRenderedWellOrRefusedWithASentence() {
    assertThat(problems).isEmpty();
  }

  @Test
  void manyAreRenderedAndManyRefused() {
    assertThat(SETS - refused).isGreaterThan(SETS / 5);
    assertThat(refused).isGreaterThan(SETS / 5);
    assertThat(rendered).hasSizeGreaterThan(SETS / 3);
  }

  /** {@code .ci/chart} makes the schemas. */
  @Test
  @EnabledIfEnvironmentVariable(named = "KUBERNETES_SCHEMAS", matches = ".+")
  void allThatIsRenderedMeetsTheSchemasOfKubernetes(@TempDir Path directory)
      throws IOException, InterruptedException {
    List<String> objects = List.copyOf(rendered.keySet());
    for (int i = 0; i < objects.size(); i++) {
      Files.writeString(directory.resolve(i + ".json"), objects.get(i));
    }
    Path report = directory.resolve("report.txt");
    Process kubeconform =
        new ProcessBuilder(
                "kubeconform",
                "-strict",
                "-schema-location",
                System.getenv("KUBERNETES_SCHEMAS") + "/{{.ResourceKind}}{{.KindSuffix}}.json",
                directory.toString())
            .redirectErrorStream(true)
            .redirectOutput(report.toFile())
            .start();
    assertThat(kubeconform.waitFor()).as(() -> told(report, directory)).isZero();
  }

  private String told(Path report, Path directory) {
    try {
      StringBuilder text = new StringBuilder();
      List<String> objects = List.copyOf(rendered.keySet());
      for (String line : Files.readAllLines(report)) {
        String file = line.replaceFirst(" - .*", "");
        text.append(line.replace(directory + "/", "")).append('\n');
        if (file.endsWith(".json")) {
          int number =
              Integer.parseInt(Path.of(file).getFileName().toString().replace(".json", ""));
          text.append("  ").append(rendered.get(objects.get(number))).append('\n');
        }
      }
      return text.toString();
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  @EnabledIfEnvironmentVariable(named = "KUBEBUILDER_ASSETS", matches = ".+")
  @EnabledIfEnvironmentVariable(named = "CRDS_DIR", matches = ".+")
  void allThatIsRenderedIsTakenByAnApiServer(
      @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) throws Exception {
    List<String> refusals = new ArrayList<>();
    try (ApiServer server = new ApiServer(directory)) {
      server.createNamespace("streams");
      rendered.forEach(
          (object, values) -> {
            var response = server.dryRun("streams", object);
            if (response.statusCode() != 201) {
              refusals.add(message(response.body()) + "\n  " + values);
            }
          });
    }
    assertThat(refusals).isEmpty();
  }

  private static String message(String body) {
    return body.startsWith("{") ? JsonPath.read(body, "$.message") : body;
  }

  /** What can be said of an object without Kubernetes. */
  private static void check(Map<String, Object> object) {
    assertThat(JsonPath.<String>read(object, "$.metadata.name"))
        .matches("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?");
    Map<String, Object> metadata = Manifests.asMap(object.get("metadata"));
    if (metadata.get("labels") != null) {
      strings(Manifests.asMap(metadata.get("labels")));
    }
    if (!List.of("Deployment", "Job").contains(object.get("kind"))) {
      return;
    }
    Map<String, Object> pod = JsonPath.read(object, "$.spec.template.spec");
    assertThat(pod).doesNotContainKeys(POD_WIDE.toArray(String[]::new));
    strings(JsonPath.read(object, "$.spec.template.metadata.labels"));
    assertThat(JsonPath.<List<Object>>read(pod, "$.containers[*].env[*].value"))
        .allSatisfy(value -> assertThat(value).isInstanceOf(String.class));
    assertThat(JsonPath.<List<Object>>read(pod, "$.volumes[*].name")).doesNotHaveDuplicates();
    for (Object container : JsonPath.<List<Object>>read(pod, "$.containers[*]")) {
      assertThat(JsonPath.<List<Object>>read(container, "$..env[*].name")).doesNotHaveDuplicates();
      assertThat(JsonPath.<List<Object>>read(container, "$..volumeMounts[*].mountPath"))
          .doesNotHaveDuplicates();
    }
    assertThat(JsonPath.<List<Object>>read(pod, "$.containers[*].name")).doesNotHaveDuplicates();
  }

  private static void strings(Map<String, Object> labels) {
    assertThat(labels.values())
        .allSatisfy(value -> assertThat(value).asString().matches(LABEL))
        .allSatisfy(value -> assertThat(value).isInstanceOf(String.class));
  }
}
