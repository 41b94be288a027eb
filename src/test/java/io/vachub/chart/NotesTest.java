package io.vachub.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NotesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "default            | Custom Metrics Stackdriver Adapter with roles/monitoring.viewer",
        "keda               | kubectl port-forward service/hub-vac-hub -n streams 50051:50051",
        "default            | kubectl create secret tls grpc-cert -n streams --cert=tls.crt --key=tls.key"
            + " (to go without a Gateway: --set gateway.enabled=false)",
        "default            | v1beta2/namespaces/streams/pods/*/prometheus.googleapis.com",
        "prometheus-adapter | v1beta1/namespaces/streams/pods/*/grpc_server_active_streams",
        "default            | image.repository is \"vac-hub\"",
        "gke-gateway        | kubectl get gateway hub-vac-hub -n streams -w",
        "gke-promql         | which needs GKE 1.37.0-gke.3100000 or later",
        "gke-native         | which needs GKE 1.37.0-gke.3100000 or later",
        "prometheus-adapter | prometheus-adapter with a rule for grpc_server_active_streams",
        "keda               | a Prometheus at http://prometheus-server.monitoring",
        "existing-gateway   | kubectl get gateway shared -n gateways -w",
        "egress             | kubectl logs job/hub-vac-hub-loadtest-1 -n streams -f",
      })
  void sayWhatToDoNextForTheChosenOptions(String valueSet, String expected) {
    assertThat(notes(valueSet)).contains(expected);
  }

  @Test
  void saveWordsWhereNothingIsLeftToDo() {
    assertThat(notes("gke-gateway")).doesNotContain("image.repository", "port-forward");
    assertThat(notes("fixed")).doesNotContain("kubectl get hpa", "networkPolicy");
  }

  private static String notes(String valueSet) {
    String output =
        new Helm(Manifests.CHART)
            .install()
            .clientOnly()
            .dryRun()
            .withName("hub")
            .withNamespace("streams")
            .withKubeVersion(Manifests.KUBERNETES)
            .withValuesFile(Manifests.valueSet(valueSet).toAbsolutePath())
            .call()
            .getOutput();
    return output.substring(output.indexOf("NOTES:"));
  }
}
