package io.vachub.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.grpc.EquivalentAddressGroup;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.NameResolverRegistry;
import io.grpc.Status;
import io.grpc.StatusOr;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.xds.shaded.com.github.xds.data.orca.v3.OrcaLoadReport;
import io.grpc.xds.shaded.com.github.xds.service.orca.v3.OpenRcaServiceGrpc;
import io.grpc.xds.shaded.com.github.xds.service.orca.v3.OpenRcaServiceGrpc.OpenRcaServiceBlockingStub;
import io.grpc.xds.shaded.com.github.xds.service.orca.v3.OrcaLoadReportRequest;
import io.vachub.TestServer;
import io.vachub.TestStream;
import io.vachub.proto.StreamerGrpc;
import io.vachub.proto.TextRequest;
import io.vachub.proto.TextResponse;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Read by gRPC's own classes of ORCA. */
class LoadReportTest {

  private static final MethodDescriptor<TextRequest, TextResponse> PROCESS =
      StreamerGrpc.getProcessTextStreamMethod();

  private static final Metadata.Key<String> HEADER =
      Metadata.Key.of("endpoint-load-metrics", Metadata.ASCII_STRING_MARSHALLER);

  private static final Metadata.Key<OrcaLoadReport> TRAILER =
      Metadata.Key.of(
          "endpoint-load-metrics-bin",
          ProtoUtils.metadataMarshaller(OrcaLoadReport.getDefaultInstance()));

  @Test
  void headersAndTrailersTellHowFullThePodIs() throws InvalidProtocolBufferException {
    try (TestServer server =
        TestServer.start("vachub.streams.max-active=0", "vachub.streams.target=3")) {
      open(server.sharedChannel(), 3);
      TestStream<TextRequest, TextResponse> fourth =
          TestStream.open(server.sharedChannel(), PROCESS);

      String header = fourth.headers().get(HEADER);
      OrcaLoadReport.Builder early = OrcaLoadReport.newBuilder();
      JsonFormat.parser().merge(header.substring("JSON ".length()), early);
      Metadata trailers = fourth.halfClose().end().trailers();

      assertThat(header).startsWith("JSON ");
      assertThat(early.build()).isEqualTo(report(4 / 3.0));
      assertThat(trailers.get(TRAILER)).isEqualTo(report(4 / 3.0));
    }
  }

  @Test
  void aRefusalTellsThatThePodIsFull() {
    try (TestServer server = TestServer.start("vachub.streams.max-active=2")) {
      open(server.sharedChannel(), 2);
      TestStream.End refused = TestStream.open(server.sharedChannel(), PROCESS).end();

      assertThat(refused.status().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      assertThat(refused.trailers().get(TRAILER)).isEqualTo(report(1));
    }
  }

  @Test
  void tellsNothingWhereNobodySaysWhatAFullPodHas() {
    try (TestServer server = TestServer.start("vachub.streams.max-active=0")) {
      TestStream<TextRequest, TextResponse> stream =
          TestStream.open(server.sharedChannel(), PROCESS);

      assertThat(stream.headers().containsKey(HEADER)).isFalse();
      assertThat(stream.halfClose().end().trailers().containsKey(TRAILER)).isFalse();
      assertThatExceptionOfType(StatusRuntimeException.class)
          .isThrownBy(() -> reports(server).next())
          .satisfies(e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED));
    }
  }

  /** An empty pod has no report in gRPC's eyes if its utilization is 0. */
  @Test
  void tellsItBesideTheCallsAndIsNoneItself() {
    try (TestServer server =
        TestServer.start("vachub.streams.max-active=0", "vachub.streams.target=4")) {
      Iterator<OrcaLoadReport> reports = reports(server);
      assertThat(reports.next()).isEqualTo(report(0.25));
      open(server.sharedChannel(), 2);

      await().until(() -> reports.next().equals(report(0.5)));
      assertThat(server.metric("grpc_server_active_streams")).isEqualTo(2);
    }
  }

  @Test
  void aShutdownEndsTheReports() {
    try (TestServer server =
        TestServer.start(
            "vachub.streams.max-active=0",
            "vachub.streams.target=4",
            "vachub.drain.quiet-period=0s")) {
      Iterator<OrcaLoadReport> reports = reports(server);
      reports.next();
      server.shutdown();

      assertThatExceptionOfType(StatusRuntimeException.class)
          .isThrownBy(() -> reports.forEachRemaining(report -> {}))
          .satisfies(e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
    }
  }

  /** By weights of 1 to 60; with equal ones every other stream would go to the full pod. */
  @Test
  void weightedRoundRobinChoosesTheEmptierPod() {
    try (TestServer full =
            TestServer.start("vachub.streams.max-active=0", "vachub.streams.target=60");
        TestServer empty =
            TestServer.start("vachub.streams.max-active=0", "vachub.streams.target=60")) {
      open(full.sharedChannel(), 60);
      ManagedChannel channel = weightedRoundRobin(full, empty);
      try {
        await()
            .atMost(30, TimeUnit.SECONDS)
            .until(
                () -> {
                  double before = full.metric("grpc_server_active_streams");
                  open(channel, 4);
                  return full.metric("grpc_server_active_streams") == before;
                });
      } finally {
        channel.shutdownNow();
      }
    }
  }

  private static ManagedChannel weightedRoundRobin(TestServer... servers) {
    NameResolverRegistry.getDefaultRegistry()
        .register(new Addresses(Stream.of(servers).map(TestServer::grpcPort).toList()));
    return ManagedChannelBuilder.forTarget(Addresses.SCHEME + ":///")
        .usePlaintext()
        .defaultServiceConfig(
            Map.of(
                "loadBalancingConfig",
                List.of(
                    Map.of(
                        "weighted_round_robin",
                        Map.of(
                            "enableOobLoadReport",
                            true,
                            "oobReportingPeriod",
                            "1s",
                            "blackoutPeriod",
                            "0s")))))
        .build();
  }

  /** Ports of this machine, as a name of several addresses. */
  private static final class Addresses extends NameResolverProvider {

    static final String SCHEME = "ports";

    private final List<EquivalentAddressGroup> groups;

    Addresses(List<Integer> ports) {
      groups =
          ports.stream()
              .map(port -> new EquivalentAddressGroup(new InetSocketAddress("127.0.0.1", port)))
              .toList();
    }

    @Override
    protected boolean isAvailable() {
      return true;
    }

    @Override
    protected int priority() {
      return 5;
    }

    @Override
    public String getDefaultScheme() {
      return SCHEME;
    }

    @Override
    public NameResolver newNameResolver(URI target, NameResolver.Args args) {
      return new NameResolver() {
        @Override
        public String getServiceAuthority() {
          return "localhost";
        }

        @Override
        public void start(Listener2 listener) {
          listener.onResult(
              ResolutionResult.newBuilder()
                  .setAddressesOrError(StatusOr.fromValue(groups))
                  .build());
        }

        @Override
        public void shutdown() {}
      };
    }
  }

  private static void open(ManagedChannel channel, int streams) {
    for (int i = 0; i < streams; i++) {
      TestStream.open(channel, PROCESS).headers();
    }
  }

  private static Iterator<OrcaLoadReport> reports(TestServer server) {
    OpenRcaServiceBlockingStub stub = OpenRcaServiceGrpc.newBlockingStub(server.channel());
    return stub.streamCoreMetrics(OrcaLoadReportRequest.getDefaultInstance());
  }

  private static OrcaLoadReport report(double utilization) {
    return OrcaLoadReport.newBuilder()
        .setRpsFractional(1)
        .setApplicationUtilization(utilization)
        .build();
  }
}
