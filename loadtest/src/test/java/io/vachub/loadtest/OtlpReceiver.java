package io.vachub.loadtest;

import com.sun.net.httpserver.HttpServer;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.collector.metrics.v1.MetricsServiceGrpc;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/** Takes metrics as a collector does, by both of OTLP's ways. */
public final class OtlpReceiver implements AutoCloseable {

  private final ConcurrentLinkedQueue<ExportMetricsServiceRequest> received =
      new ConcurrentLinkedQueue<>();
  private final HttpServer http;
  private final Server grpc;

  public OtlpReceiver() throws Exception {
    http = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    http.createContext(
        "/v1/metrics",
        exchange -> {
          InputStream body = exchange.getRequestBody();
          if ("gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
            body = new GZIPInputStream(body);
          }
          received.add(ExportMetricsServiceRequest.parseFrom(body));
          exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    http.start();
    grpc =
        NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
            .addService(
                new MetricsServiceGrpc.MetricsServiceImplBase() {
                  @Override
                  public void export(
                      ExportMetricsServiceRequest request,
                      StreamObserver<ExportMetricsServiceResponse> responses) {
                    received.add(request);
                    responses.onNext(ExportMetricsServiceResponse.getDefaultInstance());
                    responses.onCompleted();
                  }
                })
            .build()
            .start();
  }

  public String httpUrl() {
    return "http://127.0.0.1:" + http.getAddress().getPort();
  }

  public String grpcUrl() {
    return "http://127.0.0.1:" + grpc.getPort();
  }

  public int pushes() {
    return received.size();
  }

  /** The metrics of the last push, by name. */
  public Map<String, Metric> last() {
    return lastResource()
        .map(
            resource ->
                resource.getScopeMetricsList().stream()
                    .flatMap(scope -> scope.getMetricsList().stream())
                    .collect(Collectors.toMap(Metric::getName, metric -> metric)))
        .orElse(Map.of());
  }

  /** The attributes of who sent the last push. */
  public Map<String, String> lastSender() {
    return lastResource().orElseThrow().getResource().getAttributesList().stream()
        .collect(Collectors.toMap(it -> it.getKey(), it -> it.getValue().getStringValue()));
  }

  private Optional<ResourceMetrics> lastResource() {
    List<ExportMetricsServiceRequest> all = List.copyOf(received);
    return all.isEmpty()
        ? Optional.empty()
        : Optional.of(all.get(all.size() - 1).getResourceMetrics(0));
  }

  @Override
  public void close() {
    http.stop(0);
    grpc.shutdownNow();
  }
}
