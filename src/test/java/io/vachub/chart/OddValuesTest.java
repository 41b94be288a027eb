package io.vachub.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.FileSystemUtils;

/** What a platform team writes that nobody thought of, each an input that once went wrong. */
class OddValuesTest {

  private static final Configuration LENIENT =
      Configuration.defaultConfiguration().addOptions(Option.SUPPRESS_EXCEPTIONS);
  private static final String POD = "$.spec.template.spec";

  @ParameterizedTest
  @CsvSource({
    "no, no-vac-hub",
    "true, true-vac-hub",
    "123, vac-hub-123",
    "1e3, vac-hub-1e3",
    "my.release, my-release-vac-hub",
    "vac-hub, vac-hub",
    "0.vac-hub, vac-hub-0-vac-hub",
  })
  void everyReleaseNameMakesNamesThatKubernetesTakes(String release, String name) {
    for (Map<String, Object> object : Manifests.render(release, "").objects()) {
      assertThat(JsonPath.<String>read(object, "$.metadata.name")).startsWith(name);
      assertThat(JsonPath.<Object>read(object, "$.metadata.labels['app.kubernetes.io/instance']"))
          .isEqualTo(release);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tls: {secretName: \"on\"}"
            + "| Deployment | $.spec.template.spec.volumes[1].secret.secretName | on",
        "tls: {secretName: \"20261125\"}"
            + "| Deployment | $.spec.template.spec.volumes[1].secret.secretName | 20261125",
        "nameOverride: \"true\""
            + "| Deployment | $.spec.selector.matchLabels['app.kubernetes.io/name'] | true",
        "serviceAccount: {name: \"1234\"}"
            + "| Deployment | $.spec.template.spec.serviceAccountName | 1234",
        "serviceAccount: {name: \"1234\"} | ServiceAccount | $.metadata.name | 1234",
        "priorityClassName: \"true\""
            + "| Deployment | $.spec.template.spec.priorityClassName | true",
        "gateway: {className: \"on\"} | Gateway | $.spec.gatewayClassName | on",
        "gateway: {tls: {secretName: \"007\"}}"
            + "| Gateway | $.spec.listeners[0].tls.certificateRefs[0].name | 007",
        "gateway: {gatewayPolicy: {enabled: true, sslPolicy: \"true\"}}"
            + "| GCPGatewayPolicy | $.spec.default.sslPolicy | true",
        "image: {tag: \"007\"}"
            + "| Deployment | $.metadata.labels['app.kubernetes.io/version'] | 007",
        "loadtest: {enabled: true, target: \"yes\"}"
            + "| Job | $.spec.template.spec.containers[0].args[1] | yes",
        "loadtest: {enabled: true, args: [\"1\"]}"
            + "| Job | $.spec.template.spec.containers[0].args[3] | 1",
        "commonLabels: {\"on\": \"off\"} | Deployment | $.metadata.labels.on | off",
        "podAnnotations: {a: \"1e3\"}"
            + "| Deployment | $.spec.template.metadata.annotations.a | 1e3",
      })
  void stringsStayStrings(String values, String kind, String path, String expected) {
    assertThat(Manifests.render(values).<Object>read(kind, path)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "priorityClassName: \"a\\nhostNetwork: true\"",
        "serviceAccount: {name: \"a\\nhostNetwork: true\"}",
        "googleCloudProject: \"a\\nhostNetwork: true\"",
        "otlp: {endpoint: \"http://a\\nhostNetwork: true\"}",
        "image: {repository: \"a\\nhostNetwork: true\"}",
        "image: {tag: \"a\\nhostNetwork: true\"}",
        "tls: {secretName: a, clientCA: \"a\\nhostNetwork: true\"}",
        "gateway: {className: \"a\\nspec: {}\"}",
      })
  void nothingBringsAKeyOfItsOwn(String values) {
    assertThatThrownBy(() -> Manifests.render(values))
        .hasMessageContaining("does not match pattern");
  }

  @Test
  void whereAnyTextIsTakenItIsOneString() {
    Manifests manifests =
        Manifests.render(
            """
            javaOptions: "-Da=b\\nhostNetwork: true"
            podAnnotations: {a: "b\\n  c: {d: [\\" # e"}
            loadtest: {enabled: true, args: ["--a=\\"b\\"\\nc: d"]}
            """);

    assertThat(manifests.environment())
        .containsEntry("JAVA_TOOL_OPTIONS", "-Da=b\nhostNetwork: true");
    assertThat(
            manifests.<Map<String, Object>>read(
                "Deployment", "$.spec.template.metadata.annotations"))
        .containsEntry("a", "b\n  c: {d: [\" # e");
    assertThat(manifests.<List<Object>>read("Job", POD + ".containers[0].args"))
        .endsWith("--a=\"b\"\nc: d");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fullnameOverride: MyHub",
        "fullnameOverride: my_hub",
        "fullnameOverride: my.hub",
        "nameOverride: MyHub",
        "image: {tag: 1.0+build}",
        "image: {tag: .hidden}",
        "commonLabels: {team: a b}",
        "commonLabels: {/team: a}",
        "env: [{name: 1, value: a}]",
      })
  void namesThatKubernetesRefusesAreRefusedBeforeAnythingIsApplied(String values) {
    assertThatThrownBy(() -> Manifests.render(values))
        .hasMessageMatching("(?s).*(does not match pattern|got number, want string).*");
  }

  @Test
  void aNameThatIsTooLongIsRefused() {
    assertThatThrownBy(() -> Manifests.render("nameOverride: " + "n".repeat(70)))
        .hasMessageContaining("maxLength: got 70, want 63");
  }

  @ParameterizedTest
  @ValueSource(strings = {".", "-", "_"})
  void aLongTagMakesALabelThatKubernetesTakes(String end) {
    assertThat(
            Manifests.render("image: {tag: %s%s%s}".formatted("t".repeat(62), end, "u"))
                .<String>read("Deployment", "$.metadata.labels['app.kubernetes.io/version']"))
        .isEqualTo("t".repeat(62));
  }

  @Test
  void theUsersEnvironmentTakesThePlaceOfTheCharts() {
    Manifests manifests =
        Manifests.render(
            """
            env:
              - {name: VACHUB_HANDOFF_MAXSTREAMAGE, value: 5m}
              - {name: SPRING_PROFILES_ACTIVE, valueFrom: {configMapKeyRef: {name: a, key: b}}}
              - {name: MINE, value: "1"}
            """);

    assertThat(manifests.<List<String>>read("Deployment", POD + ".containers[0].env[*].name"))
        .doesNotHaveDuplicates()
        .contains("VACHUB_HANDOFF_MARGIN")
        .endsWith("VACHUB_HANDOFF_MAXSTREAMAGE", "SPRING_PROFILES_ACTIVE", "MINE");
    assertThat(manifests.environment()).containsEntry("VACHUB_HANDOFF_MAXSTREAMAGE", "5m");
  }

  @Test
  void theUsersVolumeTakesThePlaceOfTheCharts() {
    Manifests manifests =
        Manifests.render(
            """
            volumes: [{name: tmp, emptyDir: {medium: Memory}}]
            volumeMounts: [{name: tmp, mountPath: /tmp, subPath: a}]
            """);

    assertThat(manifests.<List<Object>>read("Deployment", POD + ".volumes"))
        .containsExactly(Map.of("name", "tmp", "emptyDir", Map.of("medium", "Memory")));
    assertThat(manifests.<List<Object>>read("Deployment", POD + ".containers[0].volumeMounts"))
        .containsExactly(Map.of("name", "tmp", "mountPath", "/tmp", "subPath", "a"));
  }

  @Test
  void anEnvironmentsValueIsAString() {
    assertThatThrownBy(() -> Manifests.render("env: [{name: A, value: 1}]"))
        .hasMessageContaining("/env/0/value': got number, want string");
  }

  @ParameterizedTest
  @CsvSource({
    "startupProbe, $.spec.template.spec.containers[0].startupProbe",
    "readinessProbe, $.spec.template.spec.containers[0].readinessProbe",
    "livenessProbe, $.spec.template.spec.containers[0].livenessProbe",
    "resources.limits, $.spec.template.spec.containers[0].resources.limits",
    "topologySpread, $.spec.template.spec.topologySpreadConstraints",
    "strategy, $.spec.strategy",
    "podSecurityContext, $.spec.template.spec.securityContext",
    "securityContext, $.spec.template.spec.containers[0].securityContext",
    "revisionHistoryLimit, $.spec.revisionHistoryLimit",
  })
  void whatIsTakenAwayIsLeftOut(String value, String path) {
    Map<String, Object> deployment = Manifests.render(nested(value, "null")).the("Deployment");

    assertThat(JsonPath.using(LENIENT).parse(deployment).<Object>read(path)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "autoscaling, HorizontalPodAutoscaler",
    "gateway, Gateway",
    "gateway, HTTPRoute",
    "gateway.healthCheckPolicy, HealthCheckPolicy",
    "gateway.backendPolicy, GCPBackendPolicy",
    "gateway.gatewayPolicy, GCPGatewayPolicy",
    "gateway.trafficDistributionPolicy, GCPTrafficDistributionPolicy",
    "loadtest, Job",
    "networkPolicy, NetworkPolicy",
    "podDisruptionBudget, PodDisruptionBudget",
    "serviceAccount, ServiceAccount",
    "dashboards, ConfigMap",
    "alerts, Rules",
  })
  void aPartThatIsTakenAwayIsOff(String value, String kind) {
    assertThat(Manifests.render(nested(value, "null")).kinds())
        .doesNotContain(kind)
        .contains("Deployment");
  }

  static List<String> paths() {
    return RandomValues.paths();
  }

  @ParameterizedTest
  @MethodSource("paths")
  void everyValueCanBeTakenAwayOrIsAskedFor(String path) {
    Throwable refusal = catchThrowable(() -> Manifests.render(nested(path, "null")));

    if (refusal != null) {
      assertThat(refusal)
          .hasMessageMatching(
              "(?s).*(missing property|got null, want|must be one of|\\(expected: ).*");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "drain, '', drain",
    "connection, '', connection",
    "handoff.margin, /handoff, margin",
    "autoscaling.maxReplicas, /autoscaling, maxReplicas",
    "image.repository, /image, repository",
    "service.port, /service, port",
    "monitoring, '', monitoring",
    "gateway.paths, /gateway, paths",
  })
  void whatNothingWorksWithoutIsAskedFor(String value, String at, String name) {
    assertThatThrownBy(() -> Manifests.render(nested(value, "null")))
        .hasMessageContaining("at '%s': missing property '%s'".formatted(at, name));
  }

  @ParameterizedTest
  @CsvSource({"true, true", "false, false"})
  void anotherChartCanDependOnIt(String enabled, boolean rendered, @TempDir Path parent)
      throws IOException {
    Files.writeString(
        parent.resolve("Chart.yaml"),
        """
        apiVersion: v2
        name: parent
        version: 1.0.0
        dependencies:
          - {name: vac-hub, version: "*", condition: vac-hub.enabled}
        """);
    FileSystemUtils.copyRecursively(Manifests.CHART, parent.resolve("charts/vac-hub"));
    Path values =
        Files.writeString(
            parent.resolve("values.yaml"),
            """
            global: {a: b}
            vac-hub: {enabled: %s, topologySpread: null, gateway: null, startupProbe: null}
            """
                .formatted(enabled));

    assertThat(Manifests.render(parent, values).kinds().contains("Deployment")).isEqualTo(rendered);
  }

  private static String nested(String path, String value) {
    String yaml = value;
    String[] names = path.split("\\.");
    for (int i = names.length - 1; i >= 0; i--) {
      yaml = "{%s: %s}".formatted(names[i], yaml);
    }
    return yaml;
  }
}
