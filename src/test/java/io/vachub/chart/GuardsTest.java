package io.vachub.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.jayway.jsonpath.JsonPath;
import com.marcnuri.helm.Helm;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot work is not rendered, and one sentence says why. */
class GuardsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{autoscaling: {metricsFrom: adapter}}"
            + "| autoscaling.metricsFrom: adapter"
            + " (expected: one of gmp-adapter, gke-native, gke-promql, prometheus-adapter, keda)",
        "{autoscaling: {minReplicas: 11}}"
            + "| autoscaling.minReplicas: 11 (expected: at most autoscaling.maxReplicas, 10)",
        "{streams: {maxActive: 14}}"
            + "| autoscaling.targetStreamsPerPod: 15 (expected: at most streams.maxActive, 14)",
        "{monitoring: {scrape: PodMonitor}}"
            + "| monitoring.scrape: PodMonitor"
            + " (expected: PodMonitoring, where autoscaling.metricsFrom is gmp-adapter)",
        "{autoscaling: {metricsFrom: keda}}"
            + "| autoscaling.keda.serverAddress: \"\""
            + " (expected: the address of a Prometheus, where autoscaling.metricsFrom is keda)",
        "{podLabels: {app: mine}}"
            + "| podLabels: app (expected: none of the labels that select the pods)",
        "{commonLabels: {app.kubernetes.io/version: mine}}"
            + "| commonLabels: app.kubernetes.io/version (expected: none of the chart's own labels)",
        "{commonLabels: {app.kubernetes.io/instance: mine}}"
            + "| commonLabels: app.kubernetes.io/instance"
            + " (expected: none of the chart's own labels)",
        "{drain: {quietPeriod: 26s}}"
            + "| drain.quietPeriod + drain.spread + a scrape, 20s: 61s"
            + " (expected: at most drain.gracePeriod, 60s)",
        "{drain: {spread: 1h}}"
            + "| drain.quietPeriod + drain.spread + a scrape, 20s: 3640s"
            + " (expected: at most drain.gracePeriod, 60s)",
        "{monitoring: {interval: 60s}}"
            + "| drain.quietPeriod + drain.spread + a scrape, 65s: 100s"
            + " (expected: at most drain.gracePeriod, 60s)",
        "{drain: {gracePeriod: 10m}}"
            + "| drain.gracePeriod: 10m (expected: 5s less, a pod's termination grace would be 605s,"
            + " and GKE gives it no more than 600s when it takes a node away)",
        "{handoff: {margin: 1m}}"
            + "| handoff.margin: 1m (expected: less than connection.maxAgeGrace, 60s)",
        "{rebalance: {window: 4s}}"
            + "| rebalance.window: 4s (expected: at least rebalance.interval, 5s)",
        "{tls: {clientCA: ca.crt}}"
            + "| tls.clientCA: ca.crt (expected: with tls.secretName, the Secret that holds it)",
        "{tls: {secretName: t}, readinessProbe: {type: grpc}}"
            + "| readinessProbe.type: grpc (expected: http, where tls.secretName is set",
        "{gateway: {tls: {secretName: ''}}}"
            + "| gateway.tls.secretName: \"\" (expected: a TLS Secret for the HTTPS listener",
        "{gateway: {tls: {certificateMap: m}}}"
            + "| gateway.tls.certificateMap: m"
            + " (expected: with gateway.tls.secretName \"\", not grpc-cert: a Gateway takes one of the two)",
        "{gateway: {className: gke-l7-regional-external-managed,"
            + " tls: {secretName: '', certificateMap: m}}}"
            + "| gateway.tls.certificateMap: m"
            + " (expected: none, where gateway.className is gke-l7-regional-external-managed",
        "{gateway: {listener: {protocol: HTTP}}}"
            + "| gateway.listener.protocol: HTTP (expected: HTTPS, where gateway.className is"
            + " gke-l7-global-external-managed",
        "{gateway: {backendPolicy: {timeoutSeconds: 1380}}}"
            + "| gateway.backendPolicy.timeoutSeconds: 1380"
            + " (expected: more than handoff.maxStreamAge·1.1 + connection.maxAgeGrace, 1380s)",
        "{gateway: {existing: {name: g}}, handoff: {maxStreamAge: 1h}}"
            + "| gateway.backendPolicy.timeoutSeconds: 1500"
            + " (expected: more than handoff.maxStreamAge·1.1 + connection.maxAgeGrace, 4020s)",
        "{handoff: {maxStreamAge: 0s}, connection: {maxAge: 1h}}"
            + "| gateway.backendPolicy.timeoutSeconds: 1500"
            + " (expected: more than connection.maxAge·1.1 + connection.maxAgeGrace, 4020s)",
        "{handoff: {enabled: false}, connection: {maxAge: 30m}}"
            + "| gateway.backendPolicy.timeoutSeconds: 1500"
            + " (expected: more than connection.maxAge·1.1 + connection.maxAgeGrace, 2040s)",
        "{gateway: {healthCheckPolicy: {checkIntervalSeconds: 5, timeoutSeconds: 6}}}"
            + "| gateway.healthCheckPolicy.timeoutSeconds: 6"
            + " (expected: at most gateway.healthCheckPolicy.checkIntervalSeconds, 5)",
        "{gateway: {existing: {name: g}, gatewayPolicy: {enabled: true}}}"
            + "| gateway.gatewayPolicy.enabled: true (expected: nothing, where gateway.existing is set",
        "{gateway: {existing: {name: g}, annotations: {a: b}}}"
            + "| gateway.annotations: map[a:b] (expected: nothing, where gateway.existing is set",
        "{gateway: {timeouts: {request: 0s}}}"
            + "| gateway.timeouts: set (expected: gateway.backendPolicy.timeoutSeconds,"
            + " where gateway.className is gke-l7-global-external-managed)",
        "{gateway: {gatewayPolicy: {enabled: true, allowGlobalAccess: true}}}"
            + "| gateway.gatewayPolicy.allowGlobalAccess: true (expected: false",
        "{gateway: {className: envoy, gatewayPolicy: {enabled: true}}}"
            + "| gateway.gatewayPolicy.enabled: true"
            + " (expected: false, where gateway.className is envoy, which is not Google's)",
        "{gateway: {className: envoy, backendPolicy: {byUtilization: true}}}"
            + "| gateway.backendPolicy.byUtilization: true"
            + " (expected: false, where gateway.className is envoy, which is not Google's)",
        "{gateway: {backendPolicy: {byUtilization: true}}, streams: {maxActive: 0},"
            + " autoscaling: {enabled: false}}"
            + "| gateway.backendPolicy.byUtilization: true (expected: with"
            + " autoscaling.targetStreamsPerPod, and autoscaling.enabled or streams.maxActive above 0",
        "{gateway: {backendPolicy: {byUtilization: true}}, service: {ipFamilyPolicy: PreferDualStack}}"
            + "| gateway.backendPolicy.byUtilization: true"
            + " (expected: false, where service.ipFamilyPolicy is PreferDualStack)",
        "{tls: {secretName: t, clientCA: ca.crt}}"
            + "| tls.clientCA: ca.crt (expected: none behind a Gateway of class"
            + " gke-l7-global-external-managed",
        "{resources: {requests: {cpu: null}, limits: {cpu: null}}}"
            + "| autoscaling.targetCPUUtilizationPercentage: 80"
            + " (expected: 0, or resources.requests.cpu, of which it is a part)",
        "{resources: {requests: {memory: 2Gi}}}"
            + "| resources.requests.memory: 2Gi (expected: at most resources.limits.memory, 1Gi)",
        "{resources: {requests: {cpu: 1500m}}}"
            + "| resources.requests.cpu: 1500m (expected: at most resources.limits.cpu, 1)",
        "{strategy: {maxSurge: 0%}}"
            + "| strategy.maxSurge: 0 (expected: more, where strategy.maxUnavailable is 0",
        "{resources: {limits: {cpu: 0}}}"
            + "| resources.requests.cpu: 500m (expected: at most resources.limits.cpu, 0)",
        "{resources: {limits: {ephemeral-storage: 128Mi}}}"
            + "| resources.requests.ephemeral-storage: 256Mi"
            + " (expected: at most resources.limits.ephemeral-storage, 128Mi)",
        "{loadtest: {resources: {limits: {memory: 1Mi}}}}"
            + "| loadtest.resources.requests.memory: 512Mi"
            + " (expected: at most loadtest.resources.limits.memory, 1Mi)",
        "{service: {extraPorts: [{name: a, port: 50051}]}}"
            + "| service.extraPorts: a, 50051/TCP (expected: a name and a port that no other has)",
        "{service: {extraPorts: [{name: a, port: 1}, {name: a, port: 2}]}}"
            + "| service.extraPorts: a, 2/TCP (expected: a name and a port that no other has)",
        "{networkPolicy: {clients: [{ipBlock: {cidr: 'fd00:0:0:40::/57'}}]}}"
            + "| networkPolicy.clients: fd00:0:0:40::/57"
            + " (expected: an address with no bit set beyond the prefix, 57)",
        "{networkPolicy: {clients: [{ipBlock: {cidr: '1::2::3/16'}}]}}"
            + "| networkPolicy.clients: 1::2::3/16"
            + " (expected: an address of eight parts, or with :: once)",
        "{networkPolicy: {clients: [{ipBlock: {cidr: '1:2:3/16'}}]}}"
            + "| networkPolicy.clients: 1:2:3/16"
            + " (expected: an address of eight parts, or with :: once)",
        "{networkPolicy: {scrapers: [{ipBlock: {cidr: 'fd00::/8', except: ['fe00::/16']}}]}}"
            + "| networkPolicy.scrapers: except fe00::/16 (expected: a part of fd00::/8)",
        "{networkPolicy: {scrapers: [{ipBlock: {cidr: 'fd00::/8', except: [10.0.0.0/16]}}]}}"
            + "| networkPolicy.scrapers: except 10.0.0.0/16 (expected: a part of fd00::/8)",
        "{networkPolicy: {clients: [{ipBlock: {cidr: 10.1.0.0/8}}]}}"
            + "| networkPolicy.clients: 10.1.0.0/8"
            + " (expected: an address with no bit set beyond the prefix, 8)",
        "{networkPolicy: {scrapers: [{ipBlock: {cidr: 10.0.0.0/8, except: [11.0.0.0/16]}}]}}"
            + "| networkPolicy.scrapers: except 11.0.0.0/16 (expected: a part of 10.0.0.0/8)",
        "{sidecars: [{name: a, image: b, ports: [{name: metrics, containerPort: 1}]}]}"
            + "| sidecars.a.ports: metrics"
            + " (expected: another name, it is that of one of the chart's own)",
        "{sidecars: [{name: a, image: b, ports: [{containerPort: 9464}]}]}"
            + "| sidecars.a.ports: 9464/TCP (expected: a port that nothing else in the pod has)",
        "{extraPorts: [{name: a, containerPort: 50051}]}"
            + "| extraPorts: 50051/TCP (expected: a port that nothing else in the pod has)",
        "{sidecars: [{name: a, image: b, volumeMounts: [{name: c, mountPath: /c}]}]}"
            + "| sidecars.a.volumeMounts: c (expected: the name of one of volumes)",
        "{sidecars: [{name: a, image: b, env: [{name: C}, {name: C}]}]}"
            + "| sidecars.a.env: C twice (expected: each name once)",
        "{sidecars: [{name: a, image: b, resources: {requests: {cpu: 2}, limits: {cpu: 1}}}]}"
            + "| sidecars.a.resources.requests.cpu: 2"
            + " (expected: at most sidecars.a.resources.limits.cpu, 1)",
        "{sidecars: [{name: a, image: b, restartPolicy: Always}]}"
            + "| sidecars.a.restartPolicy: Always (expected: none, it is for initContainers)",
        "{initContainers: [{name: a, image: b, readinessProbe: {tcpSocket: {port: 1}}}]}"
            + "| initContainers.a.readinessProbe: set (expected: with restartPolicy Always,",
        "{sidecars: [{name: a, image: b, lifecycle: {preStop: {sleep: {seconds: 65}}}}]}"
            + "| sidecars.a.lifecycle.preStop.sleep.seconds: 65"
            + " (expected: less than the pod's termination grace, 65)",
        "{podSecurityContext: {runAsUser: 0}}"
            + "| podSecurityContext.runAsUser: 0 (expected: another user, where runAsNonRoot is true)",
        "{sidecars: [{name: a, image: b, securityContext: {runAsUser: 0}}]}"
            + "| sidecars.a.securityContext.runAsUser: 0 (expected: another user,",
        "{securityContext: {privileged: true}}"
            + "| securityContext.allowPrivilegeEscalation: false"
            + " (expected: true, where privileged is true or CAP_SYS_ADMIN is added)",
        "{securityContext: {capabilities: {add: [CAP_SYS_ADMIN]}}}"
            + "| securityContext.allowPrivilegeEscalation: false (expected: true,",
        "{service: {extraPorts: [{name: a, port: 1, targetPort: b}]}}"
            + "| service.extraPorts: targetPort b (expected: the name of one of extraPorts)",
        "{imagePullSecrets: [{name: a}, {name: a}]}"
            + "| imagePullSecrets: a twice (expected: each name once)",
        "{networkPolicy: {egress: {rules: [{to: [{ipBlock: {cidr: 10.1.0.0/8}}]}]}}}"
            + "| networkPolicy.egress.rules: 10.1.0.0/8"
            + " (expected: an address with no bit set beyond the prefix, 8)",
        "{networkPolicy: {egress: {rules: [{ports: [{port: 5, endPort: 3}]}]}}}"
            + "| networkPolicy.egress.rules: endPort 3 (expected: at least port, 5)",
        "{env: [{name: A}, {name: A}]} | env: A twice (expected: each name once)",
        "{volumes: [{name: a, emptyDir: {}}, {name: a, emptyDir: {}}]}"
            + "| volumes: a twice (expected: each name once)",
        "{sidecars: [{name: server, image: a}]}"
            + "| sidecars, initContainers: server twice (expected: each name once)",
        "{volumeMounts: [{name: a, mountPath: /a}]}"
            + "| volumeMounts: a (expected: the name of one of volumes)",
        "{extraPorts: [{name: grpc, containerPort: 1}]}"
            + "| extraPorts: grpc (expected: another name, it is that of one of the chart's own)",
        "{service: {ipFamilies: [IPv4, IPv6]}}"
            + "| service.ipFamilies: IPv4, IPv6 (expected: one, or service.ipFamilyPolicy",
        "{monitoring: {labels: {app.kubernetes.io/name: a}}}"
            + "| monitoring.labels: app.kubernetes.io/name (expected: none of the chart's own labels)",
        "{commonLabels: {team: a}, alerts: {labels: {team: b}}}"
            + "| alerts.labels: team (expected: none of commonLabels)",
        "{autoscaling: {metricsFrom: gke-promql}, monitoring: {scrape: annotations}}"
            + "| monitoring.scrape: annotations"
            + " (expected: PodMonitoring, where autoscaling.metricsFrom is gke-promql)",
      })
  void stops(String values, String sentence) {
    assertThatThrownBy(() -> Manifests.render(values)).hasMessageContaining(sentence);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{autoscaling: {minReplicas: 10}}",
        "{streams: {maxActive: 15}}",
        "{streams: {maxActive: 0}}",
        "{drain: {quietPeriod: 25s}}",
        "{podLabels: {app.kubernetes.io/version: mine}}",
        "{commonLabels: {app.kubernetes.io/part-of: mine}}",
        "{handoff: {margin: 59999ms}}",
        "{handoff: {enabled: false, margin: 1m}, connection: {maxAge: 10m}}",
        "{rebalance: {window: 5s}}",
        "{rebalance: {enabled: false, window: 4s}}",
        "{autoscaling: {enabled: false, minReplicas: 11}, monitoring: {scrape: none}}",
        "{gateway: {backendPolicy: {timeoutSeconds: 1381}}}",
        "{gateway: {existing: {name: g}}}",
        "{handoff: {maxStreamAge: 0s}, connection: {maxAge: 10m}}",
        "{gateway: {tls: {secretName: '', certificateMap: m}}}",
        "{gateway: {className: gke-l7-rilb, gatewayPolicy: {enabled: true, allowGlobalAccess: true}}}",
        "{gateway: {className: envoy, timeouts: {request: 0s}, listener: {protocol: HTTP, port: 80}}}",
        "{gateway: {healthCheckPolicy: {checkIntervalSeconds: 5}}}",
        "{gateway: {enabled: false}, tls: {secretName: t, clientCA: ca.crt}}",
        "{drain: {gracePeriod: 595s}}",
        "{drain: {gracePeriod: 2h}, gateway: {enabled: false}, monitoring: {scrape: none},"
            + " autoscaling: {enabled: false}}",
        "{resources: {requests: {cpu: null}, limits: {cpu: 2}}}",
        "{resources: {requests: {cpu: 1, memory: 1024Mi}}}",
        "{resources: null, autoscaling: {targetCPUUtilizationPercentage: 0}}",
        "{networkPolicy: {clients: [{ipBlock: {cidr: 'fd00:0:0:40::/58', except: ['fd00:0:0:50::/60']}}]}}",
        "{networkPolicy: {clients: [{ipBlock: {cidr: '1:2:3:4:5:6:7::/112'}}]}}",
        "{service: {extraPorts: [{name: a, port: 50051, protocol: UDP}]}}",
        "{resources: {requests: {cpu: 0}, limits: {cpu: 0}}, autoscaling: {targetCPUUtilizationPercentage: 0}}",
        "{networkPolicy: {clients: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.128.0.0/9]}}]}}",
        "{service: {ipFamilies: [IPv6]}}",
        "{sidecars: [{name: a, image: b, ports: [{name: c, containerPort: 1}],"
            + " volumeMounts: [{name: tmp, mountPath: /tmp}]}],"
            + " service: {extraPorts: [{name: c, port: 1, targetPort: c}]}}",
        "{initContainers: [{name: a, image: b, ports: [{containerPort: 50051}]}]}",
        "{initContainers: [{name: a, image: b, restartPolicy: Always,"
            + " startupProbe: {grpc: {port: 1}}}]}",
        "{lifecycle: {preStop: {sleep: {seconds: 70}}}}",
        "{podSecurityContext: {runAsNonRoot: false, runAsUser: 0}}",
        "{securityContext: {privileged: true, allowPrivilegeEscalation: true}}",
        "{networkPolicy: {egress: {rules: [{ports: [{port: 5, endPort: 5}]}]}}}",
        "{extraObjects: [{apiVersion: v1, kind: Service,"
            + " metadata: {name: hub-vac-hub, namespace: elsewhere}}]}",
        "{gateway: {enabled: false}, extraObjects: [{apiVersion: gateway.networking.k8s.io/v1,"
            + " kind: Gateway, metadata: {name: hub-vac-hub}}]}",
      })
  void letsPassWhatJustWorks(String values) {
    assertThat(Manifests.render(values).kinds()).contains("Deployment");
  }

  /** Helm would find out in the middle of the installation. */
  @ParameterizedTest
  @MethodSource("oneObjectOfEachKind")
  void stopsAnotherObjectOfTheSameName(Path values, String object) {
    assertThatThrownBy(
            () ->
                Manifests.withFile(
                    object,
                    extra ->
                        new Helm(Manifests.CHART)
                            .template()
                            .withName("hub")
                            .withNamespace("streams")
                            .withKubeVersion(Manifests.KUBERNETES)
                            .withValuesFile(values.toAbsolutePath())
                            .withValuesFile(extra)
                            .call()))
        .hasMessageContaining("(expected: a name that no other object of the release has)");
  }

  static Stream<Arguments> oneObjectOfEachKind() {
    Map<String, Arguments> ofKinds = new TreeMap<>();
    for (Path values : Manifests.valueSets()) {
      for (Map<String, Object> object : Manifests.render(values).objects()) {
        String kind = (String) object.get("kind");
        String name = JsonPath.read(object, "$.metadata.name");
        if (LintTest.isExtra(object)) {
          continue;
        }
        ofKinds.put(
            kind,
            Arguments.of(
                values,
                "extraObjects: [{apiVersion: v1, kind: %s, metadata: {name: %s}}]"
                    .formatted(kind, name)));
      }
    }
    assertThat(ofKinds).hasSizeGreaterThan(15);
    return ofKinds.values().stream();
  }

  @Test
  void stopsTwoExtraObjectsOfTheSameName() {
    assertThatThrownBy(
            () ->
                Manifests.render(
                    """
                    extraObjects:
                      - {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}
                      - {apiVersion: v1, kind: ConfigMap, metadata: {name: "{{ print `a` }}"}}
                    """))
        .hasMessageContaining("extraObjects: ConfigMap a (expected: a name that no other");
  }

  @Test
  void sentencesNameTheUnitThatWasGiven() {
    assertThatThrownBy(() -> Manifests.render("drain: {quietPeriod: 25500ms}"))
        .hasMessageContaining("drain.quietPeriod + drain.spread + a scrape, 20s: 60.5s");
  }
}
