package io.vachub.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

class LoadtestTest {

  @Test
  void offByDefault() {
    assertThat(Manifests.render("").kinds()).doesNotContain("Job");
  }

  @Test
  void manyRunAtOnceAgainstTheService() {
    Manifests manifests = Manifests.render(Manifests.valueSet("egress"));

    assertThat(manifests.<Map<String, Object>>read("Job", "$.spec"))
        .containsEntry("parallelism", 2)
        .containsEntry("completions", 2)
        .containsEntry("backoffLimit", 0);
    assertThat(args(manifests))
        .startsWith("run", "hub-vac-hub:50051", "--plaintext")
        .contains("--clients=6", "--streams=180", "--ramp=30/60s", "--rate=5", "--assert=cut==0");
    assertThat(image(manifests)).isEqualTo("vac-hub-loadtest:0.1.0");
  }

  /** From there the command of README and the guide makes one of them. */
  @Test
  void eachReportGoesIntoTheLogOfAPodThatIsFoundByItsLabel() {
    Manifests manifests = Manifests.render("loadtest: {enabled: true, parallelism: 3}");

    assertThat(args(manifests)).contains("--json=-");
    assertThat(manifests.<Map<String, String>>read("Job", "$.spec.template.metadata.labels"))
        .containsEntry("app.kubernetes.io/component", "loadtest");
  }

  @Test
  void takesADigestAsTheServiceDoes() {
    assertThat(
            image(
                Manifests.render(
                    "loadtest: {enabled: true, image: {digest: 'sha256:%s'}}"
                        .formatted("0".repeat(64)))))
        .isEqualTo("vac-hub-loadtest@sha256:" + "0".repeat(64));
  }

  @Test
  void everyRevisionRunsItsOwnJob() {
    assertThat(
            Manifests.render(Manifests.valueSet("egress")).<String>read("Job", "$.metadata.name"))
        .isEqualTo("hub-vac-hub-loadtest-1");
  }

  @Test
  void trustsTheCaOfThePods() {
    Manifests manifests = Manifests.render(Manifests.valueSet("tls"));

    assertThat(args(manifests))
        .contains("--ca=/etc/vac-hub/tls/ca.crt")
        .doesNotContain("--plaintext");
    assertThat(manifests.<List<Object>>read("Job", "$.spec.template.spec.volumes[1].secret.items"))
        .containsExactly(Map.of("key", "ca.crt", "path", "ca.crt"));
  }

  @Test
  void showsACertificateWhereOneIsAskedFor() {
    Manifests manifests = Manifests.render(Manifests.valueSet("mutual-tls"));

    assertThat(args(manifests))
        .contains("--cert=/etc/vac-hub/tls/tls.crt", "--key=/etc/vac-hub/tls/tls.key");
    assertThat(manifests.<Map<String, Object>>read("Job", "$.spec.template.spec.volumes[1].secret"))
        .doesNotContainKey("items");
  }

  @Test
  void anotherTargetBringsItsOwnFlags() {
    Manifests manifests =
        Manifests.render(
            """
            image: {repository: registry/vac-hub, tag: "1"}
            loadtest: {enabled: true, target: "grpc.example.com:443", args: [--authority=a]}
            """);

    assertThat(args(manifests)).containsExactly("run", "grpc.example.com:443", "--authority=a");
    assertThat(image(manifests)).isEqualTo("registry/vac-hub-loadtest:1");
  }

  /** Helm in the JVM renders no hooks, so the test's mark as a hook is taken off. */
  @Test
  void helmTestStreamsToTheServiceAndSettlesTheAccount(@TempDir Path directory) throws IOException {
    FileSystemUtils.copyRecursively(Manifests.CHART, directory);
    Path test = directory.resolve("templates/tests/stream.yaml");
    String template = Files.readString(test);
    assertThat(template).contains("helm.sh/hook: test\n");
    Files.writeString(test, template.replace("helm.sh/hook: test\n", "hook: test\n"));

    Manifests manifests = Manifests.render(directory, directory.resolve("ci/default-values.yaml"));

    assertThat(manifests.<Map<String, String>>read("Pod", "$.metadata.annotations"))
        .as("uninstalling leaves nothing")
        .containsEntry(
            "helm.sh/hook-delete-policy", "before-hook-creation,hook-succeeded,hook-failed")
        .containsEntry("helm.sh/hook-output-log-policy", "hook-succeeded,hook-failed");

    assertThat(manifests.<String>read("Pod", "$.metadata.name")).isEqualTo("hub-vac-hub-test");
    assertThat(manifests.<List<String>>read("Pod", "$.spec.containers[0].args"))
        .startsWith("run", "hub-vac-hub:50051", "--plaintext")
        .contains(
            "--rpc=acknowledge", "--assert=processed>0", "--assert=lost==0", "--assert=doubled==0");
  }

  private static List<String> args(Manifests manifests) {
    return manifests.read("Job", "$.spec.template.spec.containers[0].args");
  }

  private static String image(Manifests manifests) {
    return manifests.read("Job", "$.spec.template.spec.containers[0].image");
  }
}
