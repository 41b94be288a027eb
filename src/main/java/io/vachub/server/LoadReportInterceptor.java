package io.vachub.server;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import io.vachub.load.ApplicationCalls;
import io.vachub.proto.orca.OrcaLoadReport;
import net.devh.boot.grpc.server.interceptor.GrpcGlobalServerInterceptor;
import org.springframework.core.annotation.Order;

/**
 * Puts a load report into the headers of each application call, as Envoy and Google's load
 * balancers read it, and into its trailers, as gRPC's clients do (gRFC A51); refusals included.
 */
@GrpcGlobalServerInterceptor
@Order(LoadReportInterceptor.ORDER)
class LoadReportInterceptor implements ServerInterceptor {

  /** Before a call is refused. */
  static final int ORDER = 150;

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
  public <Q, S> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, S> call, Metadata headers, ServerCallHandler<Q, S> next) {
    if (!ApplicationCalls.include(call.getMethodDescriptor())) {
      return next.startCall(call, headers);
    }
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
