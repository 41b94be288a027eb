package io.vachub.server;

import io.vachub.proto.orca.OrcaLoadReport;
import io.vachub.streams.ActiveStreams;
import java.util.Optional;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;

/**
 * How full this pod is, as ORCA tells balancers: gRPC's {@code weighted_round_robin} (gRFC A58) and
 * Envoy's give a pod new streams in proportion to {@code rps_fractional ÷ application_utilization}.
 */
@ConditionalOnBean(ActiveStreams.class)
class LoadReports {

  /**
   * The same for every pod, so that the weight is one over the streams a pod holds. The true rate
   * would undo the utilization: whoever was given more streams would be given more.
   */
  private static final double RPS = 1;

  private final ActiveStreams streams;

  LoadReports(ActiveStreams streams) {
    this.streams = streams;
  }

  /**
   * The report of now; none if it is not known what a full pod has. An empty pod reports as one
   * with a stream, for a utilization of 0 is taken for no report.
   */
  Optional<OrcaLoadReport> current() {
    if (streams.capacity() == 0) {
      return Optional.empty();
    }
    return Optional.of(
        OrcaLoadReport.newBuilder()
            .setRpsFractional(RPS)
            .setApplicationUtilization(Math.max(1, streams.count()) / (double) streams.capacity())
            .build());
  }
}
