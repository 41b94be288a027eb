package io.vachub.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot work is not rendered, and one sentence says why. */
class GuardsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{autoscaling: {metricsFrom: adapter}}"
            + "| autoscaling.metricsFrom: adapter"
            + " (expected: one of gmp-adapter, gke-native, prometheus-adapter, keda)",
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
        "{drain: {quietPeriod: 20s}}"
            + "| drain.quietPeriod + drain.spread: 35s (expected: at most drain.gracePeriod, 30s)",
        "{drain: {spread: 1h}}"
            + "| drain.quietPeriod + drain.spread: 3605s (expected: at most drain.gracePeriod, 30s)",
        "{handoff: {margin: 1m}}"
            + "| handoff.margin: 1m (expected: less than connection.maxAgeGrace, 60s)",
        "{rebalance: {window: 4s}}"
            + "| rebalance.window: 4s (expected: at least rebalance.interval, 5s)",
        "{tls: {clientCA: ca.crt}}"
            + "| tls.clientCA: ca.crt (expected: with tls.secretName, the Secret that holds it)",
        "{tls: {secretName: t}, readinessProbe: {type: grpc}}"
            + "| readinessProbe.type: grpc (expected: http, where tls.secretName is set",
        "{gateway: {enabled: true}}"
            + "| gateway.tls.secretName: \"\" (expected: a TLS Secret for the HTTPS listener",
        "{gateway: {enabled: true, listener: {protocol: HTTP}}}"
            + "| gateway.listener.protocol: HTTP (expected: HTTPS, where gateway.className is"
            + " gke-l7-global-external-managed",
        "{gateway: {enabled: true, tls: {secretName: t}, backendPolicy: {timeoutSeconds: 720}}}"
            + "| gateway.backendPolicy.timeoutSeconds: 720"
            + " (expected: more than handoff.maxStreamAge·1.1 + connection.maxAgeGrace, 720s)",
        "{gateway: {enabled: true, existing: {name: g}}, handoff: {maxStreamAge: 1h}}"
            + "| gateway.backendPolicy.timeoutSeconds: 900"
            + " (expected: more than handoff.maxStreamAge·1.1 + connection.maxAgeGrace, 4020s)",
        "{gateway: {enabled: true, existing: {name: g}}, handoff: {maxStreamAge: 0s},"
            + " connection: {maxAge: 1h}}"
            + "| gateway.backendPolicy.timeoutSeconds: 900"
            + " (expected: more than connection.maxAge·1.1 + connection.maxAgeGrace, 4020s)",
        "{gateway: {enabled: true, existing: {name: g}}, handoff: {enabled: false},"
            + " connection: {maxAge: 20m}}"
            + "| gateway.backendPolicy.timeoutSeconds: 900"
            + " (expected: more than connection.maxAge·1.1 + connection.maxAgeGrace, 1380s)",
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
        "{drain: {quietPeriod: 15s}}",
        "{podLabels: {app.kubernetes.io/version: mine}}",
        "{commonLabels: {app.kubernetes.io/part-of: mine}}",
        "{handoff: {margin: 59999ms}}",
        "{handoff: {enabled: false, margin: 1m}}",
        "{rebalance: {window: 5s}}",
        "{rebalance: {enabled: false, window: 4s}}",
        "{autoscaling: {enabled: false, minReplicas: 11}, monitoring: {scrape: none}}",
        "{gateway: {enabled: true, tls: {secretName: t}, backendPolicy: {timeoutSeconds: 721}}}",
        "{gateway: {enabled: true, existing: {name: g}}}",
        "{gateway: {enabled: true, existing: {name: g}}, handoff: {maxStreamAge: 0s},"
            + " connection: {maxAge: 10m}}",
      })
  void letsPassWhatJustWorks(String values) {
    assertThat(Manifests.render(values).kinds()).contains("Deployment");
  }

  @Test
  void sentencesNameTheUnitThatWasGiven() {
    assertThatThrownBy(() -> Manifests.render("drain: {quietPeriod: 15500ms}"))
        .hasMessageContaining("drain.quietPeriod + drain.spread: 30.5s");
  }
}
