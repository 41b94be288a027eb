package io.vachub.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.Yaml;

class SchemaTest {

  private final Map<String, Object> schema = load("values.schema.json");
  private final Map<String, Object> values = load("values.yaml");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{autoscale: {}}                                    | 'autoscale' not allowed",
        "{autoscaling: {minReplica: 3}}                     | 'minReplica' not allowed",
        "{gateway: {tls: {secret: a}}}                      | 'secret' not allowed",
        "{networkPolicy: {clients: [{pods: {}}]}}           | 'pods' not allowed",
        "{autoscaling: {minReplicas: three}}                | got string, want integer",
        "{autoscaling: {minReplicas: 0}}                    | minimum: got 0, want 1",
        "{autoscaling: {targetStreamsPerPod: 0}}            | minimum: got 0, want 1",
        "{drain: {spread: 15}}                              | got number, want string",
        "{drain: {spread: 15 seconds}}                      | does not match pattern",
        "{handoff: {maxStreamAge: PT10M}}                   | does not match pattern",
        "{connection: {maxAge: 0s}}                         | does not match pattern",
        "{monitoring: {interval: 0s}}                       | does not match pattern",
        "{drain: {gracePeriod: 030s}}                       | does not match pattern",
        "{gateway: {existing: {namespace: a}}}              | missing property 'name'",
        "{autoscaling: {keda: {authenticationRef: {kind: TriggerAuthentication}}}}"
            + " | missing property 'name'",
        "{handoff: {enabled: 'yes'}}                        | got string, want null or boolean",
        "{readinessProbe: {type: tcp}}                      | value must be one of 'http', 'grpc'",
        "{monitoring: {scrape: ServiceMonitor}}             | value must be one of 'PodMonitoring'",
        "{alerts: {kind: rules}}                            | value must be one of 'Rules'",
        "{topologySpread: {zone: Never}}                    | value must be one of 'ScheduleAnyway'",
        "{service: {port: 70000}}                           | maximum: got 70,000, want 65,535",
        "{image: {repository: ''}}                          | '' does not match pattern",
        "{image: {digest: latest}}                          | does not match pattern",
        "{gateway: {paths: [streaming.Streamer]}}           | does not match pattern",
        "{podDisruptionBudget: {maxUnavailable: many}}      | does not match pattern",
        "{tolerations: spot}                                | got string, want null or array",
        "{podLabels: {a: 1}}                                | got number, want string",
        "{drain: {spread: 1h30m}}  | '1h30m' does not match pattern '^(?<one_number>0|[1-9][0-9]{0,4})(?<unit>ms|s|m|h)$'",
        "{drain: {spread: 1d}}                              | <unit>ms|s|m|h)$",
        "{gateway: {timeouts: {request: 1d}}}               | <unit>ms|s|m|h)$",
        "{gateway: {hostnames: ['a.example.com:443']}}      | 'a.example.com:443' does not match pattern",
        "{gateway: {paths: [/a//b]}}                        | '/a//b' does not match pattern",
        "{gateway: {paths: [/a/../b]}}                      | '/a/../b' does not match pattern",
        "{gateway: {backendPolicy: {timeoutSeconds: 3e9}}}  | maximum: got 3",
        "{networkPolicy: {clients: [{ipBlock: {cidr: 10.0.0.0/33}}]}} | '10.0.0.0/33' does not match pattern",
        "{networkPolicy: {clients: [{ipBlock: {cidr: 10.0.0/8}}]}} | '10.0.0/8' does not match pattern",
        "{networkPolicy: {clients: [{}]}}                   | minProperties: got 0, want 1",
        "{networkPolicy: {clients: [{podSelector: {}, ipBlock: {cidr: 10.0.0.0/8}}]}} | maxProperties: got 2, want 1",
        "{autoscaling: {behavior: {scaleDown: {window: 5}}}}| 'window' not allowed",
        "{autoscaling: {behavior: {scaleUp: {policies: [{type: Pods, value: 1, periodSeconds: 1801}]}}}} | maximum: got 1,801, want 1,800",
        "{podDisruptionBudget: {maxUnavailable: 0}}         | minimum: got 0, want 1",
        "{podDisruptionBudget: {maxUnavailable: 0%}}        | '0%' does not match pattern",
        "{autoscaling: {keda: {pollingInterval: 15}}}       | 'pollingInterval' not allowed",
        "{env: [{name: A, value: b, valueFrom: {}}]}        | got 3, want 2",
        "{resources: {requests: {cpu: many}}}               | 'many' does not match pattern",
        "{sidecars: [{name: a}]}                            | missing property 'image'",
        "{sidecars: [{name: a, image: b, imagepullPolicy: Never}]} | 'imagepullPolicy' not allowed",
        "{initContainers: [{name: a_b, image: b}]}          | 'a_b' does not match pattern",
        "{sidecars: [{name: a, image: b, livenessProbe: {periodSeconds: 1}}]} | missing property 'exec'",
        "{volumes: [{name: a}]}                             | minProperties: got 1, want 2",
        "{volumes: [{name: a, emptyDir: {}, secret: {secretName: b}}]} | maxProperties: got 3, want 2",
        "{volumes: [{name: a, configMap: {nam: b}}]}        | 'nam' not allowed",
        "{volumeMounts: [{name: tmp, mountPath: /a, subPath: ../b}]} | 'not' failed",
        "{lifecycle: {preStop: {sleep: {seconds: 0}}}}      | minimum: got 0, want 1",
        "{lifecycle: {preStop: {exec: {command: [a]}, sleep: {seconds: 1}}}} | maxProperties: got 2, want 1",
        "{env: [{name: A, valueFrom: {secretKeyRef: {name: a}}}]} | missing property 'key'",
        "{env: [{name: A, valueFrom: {fieldRef: {fieldPath: spec.name}}}]} | 'spec.name' does not match pattern",
        "{envFrom: [{configMapRef: {}}]}                    | missing property 'name'",
        "{podSecurityContext: {runAsUser: root}}            | got string, want",
        "{securityContext: {readOnlyRootFileSystem: true}}  | 'readOnlyRootFileSystem' not allowed",
        "{podSecurityContext: {seccompProfile: {type: Localhost}}} | missing property 'localhostProfile'",
        "{affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{}]}}} | missing property 'topologyKey'",
        "{affinity: {nodeAffinity: {required: {}}}}         | 'required' not allowed",
        "{networkPolicy: {egress: {rules: [{from: []}]}}}   | 'from' not allowed",
        "{networkPolicy: {egress: {rules: [{ports: [{port: 0}]}]}}} | minimum: got 0, want 1",
        "{extraObjects: [{apiVersion: v1, kind: Secret, metadata: {}}]} | missing property 'name'",
        "{dnsConfig: {options: [{value: a}]}}               | missing property 'name'",
        "{tmp: {sizeLimit: much}}                           | 'much' does not match pattern",
        "{enabled: 'yes'}                                   | got string, want boolean",
      })
  void rejects(String values, String reason) {
    assertThatThrownBy(() -> Manifests.render(values)).hasMessageContaining(reason);
  }

  @Test
  void hasAtMostAsManyPathsAsARouteTakes() {
    assertThatThrownBy(
            () ->
                Manifests.render(
                    "gateway: {paths: [%s]}"
                        .formatted(String.join(",", Collections.nCopies(70, "/a")))))
        .hasMessageContaining("maxItems: got 70, want 64");
  }

  /** All but {@code extraObjects}, which are anything. */
  @Test
  void isStrictWhereItNamesProperties() {
    Map<String, Object> all = new TreeMap<>(Manifests.asMap(schema.get("definitions")));
    all.put("values", schema);
    all.forEach(
        (name, definition) ->
            walk(
                Manifests.asMap(definition),
                "",
                (path, node) -> {
                  if (node.containsKey("properties")) {
                    assertThat(node).as(name + path).containsEntry("additionalProperties", false);
                  }
                }));
  }

  /** A property that values.yaml does not show is one that nobody finds. */
  @Test
  void namesOnlyWhatValuesShow() {
    Set<String> hidden = new TreeSet<>();
    walk(
        schema,
        "",
        (path, node) -> {
          if (!node.containsKey("properties") && !shown(path)) {
            hidden.add(path);
          }
        });

    assertThat(hidden)
        .containsExactly(
            "autoscaling.keda.authenticationRef.kind",
            "autoscaling.keda.authenticationRef.name",
            "dnsConfig.nameservers",
            "dnsConfig.options",
            "dnsConfig.searches",
            "enabled",
            "gateway.existing.name",
            "gateway.existing.namespace",
            "gateway.existing.sectionName",
            "gateway.timeouts.backendRequest",
            "gateway.timeouts.request",
            "global");
  }

  private static void walk(
      Map<String, Object> node, String path, BiConsumer<String, Map<String, Object>> visit) {
    visit.accept(path, node);
    if (node.get("properties") != null) {
      Manifests.asMap(node.get("properties"))
          .forEach(
              (name, child) ->
                  walk(Manifests.asMap(child), path.isEmpty() ? name : path + "." + name, visit));
    }
  }

  private boolean shown(String path) {
    Object at = values;
    for (String name : path.split("\\.")) {
      if (!(at instanceof Map<?, ?> map) || !map.containsKey(name)) {
        return false;
      }
      at = map.get(name);
    }
    return true;
  }

  private static Map<String, Object> load(String file) {
    try {
      return new Yaml().load(Files.readString(Manifests.CHART.resolve(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
