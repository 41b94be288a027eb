package io.vachub.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/**
 * The chart's README tells what odd values give, as rendering them does: {@code mvn test
 * -Dtest=InputsTest -Dreadme.write} writes its table anew.
 */
class InputsTest {

  private static final Path README = Manifests.CHART.resolve("README.md");
  private static final Pattern TABLE =
      Pattern.compile("(?<=<!-- inputs -->\n).*(?=<!-- /inputs -->)", Pattern.DOTALL);
  private static final Pattern REASON =
      Pattern.compile("(?:- |guards\\.yaml:\\d+:\\d+\\): )(.*?)(?: '\\^.{64,})?\n");

  /** What a path is about: the variable or the label that it names, or else its last part. */
  private static final Pattern LEAF = Pattern.compile("'([^']+)'|\\w+$");

  private static final Configuration LENIENT =
      Configuration.defaultConfiguration().addOptions(Option.SUPPRESS_EXCEPTIONS);

  private static final String NAME = "$.metadata.name";
  private static final String VERSION = "$.metadata.labels['app.kubernetes.io/version']";
  private static final String POD = "$.spec.template.spec";
  private static final String SERVER = POD + ".containers[0]";
  private static final String AGES =
      SERVER + ".env[?(@.name == 'VACHUB_HANDOFF_MAXSTREAMAGE')].value";
  private static final String PROFILES =
      SERVER + ".env[?(@.name == 'SPRING_PROFILES_ACTIVE')].value";

  private static final List<Input> INPUTS =
      List.of(
          Input.release("no"),
          Input.release("123"),
          Input.release("1e3"),
          Input.release("my.release"),
          new Input("{tls: {secretName: \"on\"}}", POD + ".volumes[1].secret.secretName"),
          new Input("{tls: {secretName: \"20261125\"}}", POD + ".volumes[1].secret.secretName"),
          new Input("{nameOverride: \"true\"}", "$.metadata.labels['app.kubernetes.io/name']"),
          new Input("{serviceAccount: {name: \"1234\"}}", POD + ".serviceAccountName"),
          new Input("{priorityClassName: \"true\"}", POD + ".priorityClassName"),
          new Input("{priorityClassName: \"a\\nhostNetwork: true\"}"),
          new Input("{gateway: {className: \"on\"}}", "Gateway", "$.spec.gatewayClassName"),
          new Input(
              "{gateway: {tls: {secretName: \"007\"}}}",
              "Gateway",
              "$.spec.listeners[0].tls.certificateRefs[0].name"),
          new Input(
              "{gateway: {gatewayPolicy: {enabled: true, sslPolicy: \"true\"}}}",
              "GCPGatewayPolicy",
              "$.spec.default.sslPolicy"),
          new Input("{fullnameOverride: MyHub}"),
          new Input("{fullnameOverride: my_hub}"),
          new Input("{fullnameOverride: my.hub}"),
          new Input("{nameOverride: " + "n".repeat(70) + "}"),
          new Input("{image: {tag: " + "t".repeat(62) + ".1}}", VERSION),
          new Input("{image: {tag: " + "t".repeat(62) + "-1}}", VERSION),
          new Input("{image: {tag: " + "t".repeat(62) + "_1}}", VERSION),
          new Input("{image: {tag: 1.0+build}}"),
          new Input("{env: [{name: VACHUB_HANDOFF_MAXSTREAMAGE, value: 5m}]}", AGES),
          new Input("{env: [{name: SPRING_PROFILES_ACTIVE, value: mine}]}", PROFILES),
          new Input("{env: [{name: A, value: 1}]}"),
          new Input("{volumes: [{name: tmp, emptyDir: {medium: Memory}}]}", POD + ".volumes"),
          new Input("{startupProbe: null}", SERVER + ".startupProbe"),
          new Input("{readinessProbe: null}", SERVER + ".readinessProbe"),
          new Input("{topologySpread: null}", POD + ".topologySpreadConstraints"),
          new Input(
              "{topologySpread: {zone: null}}", POD + ".topologySpreadConstraints[*].topologyKey"),
          new Input("{autoscaling: null}", "HorizontalPodAutoscaler", ""),
          new Input("{gateway: null}", "Gateway", ""),
          new Input(
              "{rebalance: null}", SERVER + ".env[?(@.name == 'VACHUB_REBALANCE_PEERS')].value"),
          new Input("{tls: null}", POD + ".volumes[*].name"),
          new Input("{loadtest: null}", "Job", ""),
          new Input(
              "{streams: null}", SERVER + ".env[?(@.name == 'VACHUB_STREAMS_MAXACTIVE')].value"),
          new Input("{enabled: true}", NAME),
          new Input("{gateway: {healthCheckPolicy: {timeoutSeconds: 16}}}"),
          new Input("{gateway: {hostnames: [\"a.example.com:443\"]}}"),
          new Input("{gateway: {paths: [" + "/a, ".repeat(69) + "/a]}}"),
          new Input("{gateway: {paths: [/a//b]}}"),
          new Input("{gateway: {className: envoy, timeouts: {request: 1d}}}"),
          new Input("{networkPolicy: {clients: [{ipBlock: {cidr: 10.0.0.0/33}}]}}"),
          new Input("{networkPolicy: {clients: [{ipBlock: {cidr: 10.1.0.0/8}}]}}"),
          new Input("{gateway: {backendPolicy: {timeoutSeconds: 3e9}}}"),
          new Input("{autoscaling: {behavior: {scaleDown: {window: 5}}}}"),
          new Input("{drain: {spread: 1h30m}}"),
          new Input("{handoff: {maxStreamAge: 1d}}"),
          new Input("{gateway: {tls: {certificateMap: m}}}"),
          new Input("{tls: {secretName: t, clientCA: ca.crt}}"),
          new Input(
              "{gateway: {className: gke-l7-regional-external-managed,"
                  + " tls: {secretName: \"\", certificateMap: m}}}"),
          new Input("{resources: {requests: {cpu: null}, limits: {cpu: null}}}"),
          new Input("{podDisruptionBudget: {maxUnavailable: 0}}"),
          new Input("{gateway: {existing: {name: g}, gatewayPolicy: {enabled: true}}}"),
          new Input("{drain: {gracePeriod: 10m}}"),
          new Input(
              "{loadtest: {enabled: true, image: {digest: \"sha256:" + "0".repeat(64) + "\"}}}",
              "Job",
              SERVER + ".image"));

  @Test
  void tableOfInputsIsWhatEachGives() throws IOException {
    String rows =
        INPUTS.stream()
            .map(input -> "| %s | %s |\n".formatted(input.written(), input.given()))
            .map(row -> row.replaceAll("([nt0])\\1{30,}", "$1…").replaceAll("(/a, ){9,}", "/a, …"))
            .collect(Collectors.joining());
    String table = "\n| you write | it gives |\n|---|---|\n" + rows + "\n";
    String readme = Files.readString(README);
    if (System.getProperty("readme.write") != null) {
      readme = TABLE.matcher(readme).replaceFirst(Matcher.quoteReplacement(table));
      Files.writeString(README, readme);
    }

    assertThat(TABLE.matcher(readme).results().map(MatchResult::group)).containsExactly(table);
  }

  /** What is written, and where in which object to look. */
  private record Input(String release, String values, String kind, String path) {

    Input(String values, String kind, String path) {
      this("hub", values, kind, path);
    }

    Input(String values, String path) {
      this(values, "Deployment", path);
    }

    /** Something that is refused. */
    Input(String values) {
      this(values, "Deployment", NAME);
    }

    static Input release(String name) {
      return new Input(name, "{}", "Deployment", NAME);
    }

    String written() {
      return release.equals("hub") ? code(values) : "release " + code(release);
    }

    String given() {
      Manifests manifests;
      try {
        manifests = Manifests.render(release, values);
      } catch (IllegalStateException e) {
        Matcher reason = REASON.matcher(e.getMessage() + "\n");
        assertThat(reason.find()).as(e.getMessage()).isTrue();
        return "refused: `" + reason.group(1).replace("|", "\\|") + "`";
      }
      if (!manifests.kinds().contains(kind)) {
        return "no " + kind;
      }
      Matcher found = LEAF.matcher(path);
      assertThat(found.find()).as(path).isTrue();
      String leaf = found.group(1) == null ? found.group() : found.group(1);
      Object read = JsonPath.using(LENIENT).parse(manifests.the(kind)).read(path);
      return read == null
          ? "no " + code(leaf)
          : kind + ", " + code(leaf + ": " + JsonMapper.shared().writeValueAsString(read));
    }

    private static String code(String text) {
      return "`" + text + "`";
    }
  }
}
