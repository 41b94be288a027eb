package io.vachub.server;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import io.vachub.call.CallInterceptor;
import io.vachub.call.Place;
import io.vachub.proto.orca.OrcaLoadReport;
import io.vachub.streams.ActiveStreams;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;

/**
 * Puts a load report into the headers of each application call, as Envoy and Google's load
 * balancers read it, and into its trailers, as gRPC's clients do (gRFC A51); refusals included.
 */
@ConditionalOnBean(ActiveStreams.class)
class LoadReportInterceptor implements CallInterceptor {

  /** As JSON, which all write alike; of the text form there are two dialects. */
  static final Metadata.Key<String> HEADER =
      Metadata.Key.of("endpoint-load-metrics", Metadata.ASCII_STRING_MARSHALLER);

  static final Metadata.Key<OrcaLoadReport> TRAILER =
      Metadata.Key.of(
          "endpoint-load-metrics-bin",
          ProtoUtils.metadataMarshaller(OrcaLoadReport.getDefaultInstance()));

  private final LoadReports reports;

  LoadReportInterceptor(LoadReports reports) {
    this.reports = reports;
  }

  @Override
  public Place place() {
    return Place.LOAD_REPORT;
  }

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    return next.startCall(
        new SimpleForwardingServerCall<>(call) {
          @Override
          public void sendHeaders(Metadata headers) {
            reports.current().ifPresent(report -> headers.put(HEADER, json(report)));
            super.sendHeaders(headers);
          }

          @Override
          public void close(Status status, Metadata trailers) {
            reports.current().ifPresent(report -> trailers.put(TRAILER, report));
            super.close(status, trailers);
          }
        },
        headers);
  }

  private static String json(OrcaLoadReport report) {
    return "JSON {\"application_utilization\": %s, \"rps_fractional\": %s}"
        .formatted(report.getApplicationUtilization(), report.getRpsFractional());
  }
}
