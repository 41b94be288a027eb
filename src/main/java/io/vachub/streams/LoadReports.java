package io.vachub.streams;

import io.grpc.Metadata;
import io.grpc.protobuf.ProtoUtils;
import io.vachub.proto.orca.OrcaLoadReport;
import java.util.Optional;

/**
 * How full this pod is, as ORCA tells balancers: gRPC's {@code weighted_round_robin} (gRFC A58) and
 * Envoy's give a pod new streams in proportion to {@code rps_fractional ÷ application_utilization}.
 */
public class LoadReports {

  /** As JSON, which all write alike; of the text form there are two dialects. */
  static final Metadata.Key<String> HEADER =
      Metadata.Key.of("endpoint-load-metrics", Metadata.ASCII_STRING_MARSHALLER);

  static final Metadata.Key<OrcaLoadReport> TRAILER =
      Metadata.Key.of(
          "endpoint-load-metrics-bin",
          ProtoUtils.metadataMarshaller(OrcaLoadReport.getDefaultInstance()));

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
  public Optional<OrcaLoadReport> current() {
    if (streams.capacity() == 0) {
      return Optional.empty();
    }
    return Optional.of(
        OrcaLoadReport.newBuilder()
            .setRpsFractional(RPS)
            .setApplicationUtilization(Math.max(1, streams.count()) / (double) streams.capacity())
            .build());
  }

  /** Puts the report, if there is one, where Envoy and Google's load balancers read it. */
  public void addToHeaders(Metadata headers) {
    current().ifPresent(report -> headers.put(HEADER, json(report)));
  }

  /** Puts the report, if there is one, where gRPC's clients read it (gRFC A51). */
  public void addToTrailers(Metadata trailers) {
    current().ifPresent(report -> trailers.put(TRAILER, report));
  }

  private static String json(OrcaLoadReport report) {
    return "JSON {\"application_utilization\": %s, \"rps_fractional\": %s}"
        .formatted(report.getApplicationUtilization(), report.getRpsFractional());
  }
}
