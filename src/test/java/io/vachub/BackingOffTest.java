package io.vachub;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.DecompressorRegistry;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.vachub.call.CallInterceptor;
import io.vachub.call.Place;
import io.vachub.handoff.OpenCalls;
import io.vachub.proto.StreamerGrpc;
import io.vachub.streams.ActiveStreams;
import io.vachub.streams.FleetView;
import io.vachub.telemetry.Scrapes;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** What an application switches off is not there, and what it has itself is not doubled. */
class BackingOffTest {

  @ParameterizedTest
  @CsvSource({
    "streams,   ActiveStreams|FleetView|ThisPod|Rebalancer|LoadReports, OpenCalls|Drain|Scrapes",
    "telemetry, Scrapes|CallMetrics|TracingInterceptor,      OpenCalls|Drain|ActiveStreams",
    "server,    Drain|Limits|WatchingCalls|LoadReportService|Tls, OpenCalls|ActiveStreams|Scrapes",
  })
  void aRoomThatIsSwitchedOffIsNotThere(String room, String gone, String there) {
    try (ConfigurableApplicationContext context =
        SpringApplication.run(
            Bare.class,
            "--server.port=0",
            "--grpc.server.port=0",
            "--vachub.drain.quiet-period=0s",
            "--vachub." + room + ".enabled=false")) {
      List<String> beans =
          Stream.of(context.getBeanDefinitionNames())
              .filter(name -> name.startsWith("io.vachub."))
              .map(name -> name.substring(name.lastIndexOf('.') + 1))
              .toList();

      assertThat(beans).doesNotContain(gone.split("\\|")).contains(there.split("\\|"));
    }
  }

  /** Handoffs rely on this limit: a connection is at most so much older than it is known to be. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aConnectionThatNeverCompletesTheHandshakeIsClosed(boolean serverEnabled) throws IOException {
    try (TestServer server =
            TestServer.start(
                "vachub.server.enabled=" + serverEnabled, "vachub.server.handshake-timeout=100ms");
        Socket socket = new Socket("localhost", server.grpcPort())) {
      socket.setSoTimeout(30_000);

      assertThat(socket.getInputStream().readAllBytes()).isNotNull();
    }
  }

  /** An application that has no RPC yet. */
  @EnableAutoConfiguration
  static class Bare {}

  static class Own {

    static final Metadata.Key<String> POD =
        Metadata.Key.of("own-pod", Metadata.ASCII_STRING_MARSHALLER);

    @Bean
    DecompressorRegistry ownDecompressors() {
      return DecompressorRegistry.getDefaultInstance();
    }

    @Bean
    CallInterceptor ownPodName() {
      return new CallInterceptor() {
        @Override
        public Place place() {
          return Place.POD;
        }

        @Override
        public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
            ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
          return next.startCall(
              new SimpleForwardingServerCall<>(call) {
                @Override
                public void sendHeaders(Metadata headers) {
                  headers.put(POD, "mine");
                  super.sendHeaders(headers);
                }
              },
              headers);
        }
      };
    }
  }

  @Test
  void aBeanOfTheApplicationTakesThePlaceOfOurs() {
    try (TestServer server = TestServer.startWith(Own.class)) {
      assertThat(server.bean(DecompressorRegistry.class))
          .isSameAs(DecompressorRegistry.getDefaultInstance());

      Metadata headers =
          TestStream.open(server.sharedChannel(), StreamerGrpc.getAcknowledgeTextStreamMethod())
              .send(TestServer.request("a", 1))
              .headers();

      assertThat(headers.get(Own.POD)).isEqualTo("mine");
      assertThat(headers.keys()).doesNotContain("vachub-pod");
      assertThat(server.bean(ActiveStreams.class).count()).isOne();
      assertThat(server.bean(OpenCalls.class).count()).isOne();
      assertThat(server.context().getBeansOfType(FleetView.class)).hasSize(1);
      assertThat(server.context().getBeansOfType(Scrapes.class)).hasSize(1);
    }
  }
}
