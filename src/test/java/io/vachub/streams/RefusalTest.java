package io.vachub.streams;

import static io.vachub.TestServer.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.vachub.CapturesOutput;
import io.vachub.TestServer;
import io.vachub.TestStream;
import io.vachub.call.CallHeaders;
import io.vachub.policy.Fleet;
import io.vachub.policy.Refusal;
import io.vachub.proto.StreamerGrpc;
import io.vachub.proto.TextRequest;
import io.vachub.proto.TextResponse;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;

/** Which streams a pod refuses before any response header although it is not full. */
@CapturesOutput
class RefusalTest {

  private static final MethodDescriptor<TextRequest, TextResponse> ACKNOWLEDGE =
      StreamerGrpc.getAcknowledgeTextStreamMethod();

  private HttpServer peer;
  private volatile String peersPage = "grpc_server_active_streams 0";

  @BeforeEach
  void startPeer() throws IOException {
    peer = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    peer.createContext(
        "/",
        exchange -> {
          byte[] page = (peersPage + "\n").getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, page.length);
          exchange.getResponseBody().write(page);
          exchange.close();
        });
    peer.start();
  }

  @AfterEach
  void stopPeer() {
    peer.stop(0);
  }

  /** A server that reads its one peer, but sheds nothing in the time of a test. */
  private TestServer start(String... more) {
    String[] properties = {
      "vachub.rebalance.peers=127.0.0.1:" + peer.getAddress().getPort(),
      "vachub.rebalance.interval=100ms",
      "vachub.rebalance.min-stream-age=1h"
    };
    String[] all = new String[properties.length + more.length];
    System.arraycopy(properties, 0, all, 0, properties.length);
    System.arraycopy(more, 0, all, properties.length, more.length);
    return TestServer.start(all);
  }

  private static void awaitAnswer(TestServer server) {
    await().until(() -> server.metric("vachub_peers_answered") == 1);
  }

  /** The stream that makes this pod the fuller one. */
  private static TestStream<TextRequest, TextResponse> fill(TestServer server) {
    TestStream<TextRequest, TextResponse> stream = open(server, 0);
    stream.headers();
    awaitAnswer(server);
    return stream;
  }

  private static TestStream<TextRequest, TextResponse> open(TestServer server, int attempt) {
    return open(server, "vachub-attempt", attempt);
  }

  private static TestStream<TextRequest, TextResponse> open(
      TestServer server, String header, int attempt) {
    Metadata headers = new Metadata();
    headers.put(CallHeaders.HANDOFF, CallHeaders.ACCEPT);
    headers.put(
        Metadata.Key.of(header, Metadata.ASCII_STRING_MARSHALLER), Integer.toString(attempt));
    return TestStream.open(server.channel(), ACKNOWLEDGE, CallOptions.DEFAULT, headers);
  }

  private static void assertRefused(
      TestStream<TextRequest, TextResponse> stream, String description) {
    TestStream.End end = stream.end();
    assertThat(end.status().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(end.status().getDescription()).startsWith(description);
    assertThat(end.trailers().get(ActiveStreamsInterceptor.RETRY_PUSHBACK)).isEqualTo("0");
  }

  private static void assertServed(TestStream<TextRequest, TextResponse> stream) {
    stream.send(request("a", 1));
    await().until(() -> stream.answers().size() == 1);
  }

  private static double rejected(TestServer server, String reason) {
    return server.metric("vachub_streams_rejected_total{reason=\"" + reason + "\"}");
  }

  @Test
  void aClientThatNeverCountsItsAttemptsIsServedInTheEnd() {
    try (TestServer server = start()) {
      fill(server);
      for (int refused = 0; refused < Refusal.MAX_ATTEMPTS; refused++) {
        assertRefused(openUncounted(server), "open streams: 1");
      }

      assertServed(openUncounted(server));
      assertRefused(openUncounted(server), "open streams: 2");
    }
  }

  /** On a connection that it keeps. */
  private static TestStream<TextRequest, TextResponse> openUncounted(TestServer server) {
    return TestStream.open(server.sharedChannel(), ACKNOWLEDGE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"vachub-attempt", "grpc-previous-rpc-attempts"})
  void atTheMeanOrAboveTheFirstAttemptsAreTurnedAwayAndTheLastIsServed(String header) {
    try (TestServer server = start("vachub.rebalance.choices=3")) {
      fill(server);

      assertRefused(open(server, header, 0), "open streams: 1, mean of the pods: 0.5");
      assertRefused(open(server, header, 1), "open streams: 1");
      assertServed(open(server, header, 2));
      assertThat(rejected(server, "above_mean")).isEqualTo(2);
      assertThat(server.metric("grpc_server_active_streams")).isEqualTo(2);
      assertThat(server.metric("vachub_streams_cut_total")).isZero();
    }
  }

  @Test
  void belowTheMeanEveryoneIsServed() {
    peersPage = "grpc_server_active_streams 5";
    try (TestServer server = start()) {
      fill(server);

      assertServed(open(server, 0));
    }
  }

  @Test
  void silentClientsAreServed() {
    try (TestServer server = start()) {
      fill(server);

      assertServed(TestStream.openSilent(server.channel(), ACKNOWLEDGE));
    }
  }

  @Test
  void withOneChoiceEveryoneIsServed() {
    try (TestServer server = start("vachub.rebalance.choices=1")) {
      fill(server);

      assertServed(open(server, 0));
    }
  }

  @Test
  void withoutPeersEveryoneIsServed() {
    try (TestServer server = TestServer.start()) {
      open(server, 0).headers();

      assertServed(open(server, 0));
    }
  }

  @Test
  void whatAPeerSaidLongAgoCountsNoMore(CapturedOutput output) {
    try (TestServer server = start()) {
      fill(server);
      peer.stop(0);
      await().until(() -> !server.bean(FleetView.class).current().isKnown());

      assertServed(open(server, 0));
      await().until(() -> server.metric("vachub_peers_answered") == 0);
      assertThat(server.metric("vachub_peers_asked")).isEqualTo(1);
      assertThat(output.getAll().lines().filter(line -> line.contains("None of 1 peers answers")))
          .hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1"})
  void aPeerThatTakesNoStreamsIsNoneToTurnAwayTo(String accepting) {
    peersPage = "grpc_server_active_streams 0\nvachub_pod_accepting " + accepting;
    try (TestServer server = start()) {
      fill(server);

      if (accepting.equals("1")) {
        assertRefused(open(server, 0), "open streams: 1");
      } else {
        assertServed(open(server, 0));
      }
    }
  }

  @Test
  void inAShutdownClientsThatAcceptAreTurnedAwayAndOthersServed() {
    try (TestServer server =
        TestServer.start("vachub.drain.quiet-period=3s", "grpc.server.shutdown-grace-period=30s")) {
      TestStream<TextRequest, TextResponse> before = open(server, 0);
      before.headers();
      CompletableFuture<Void> shutdown = CompletableFuture.runAsync(server::shutdown);
      await().until(() -> server.metric("vachub_pod_accepting") == 0);

      assertRefused(open(server, 0), "This pod is shutting down or will be replaced next");
      assertRefused(open(server, 1), "This pod is shutting down or will be replaced next");
      TestStream<TextRequest, TextResponse> silent =
          TestStream.openSilent(server.channel(), ACKNOWLEDGE);
      assertServed(silent);
      assertThat(rejected(server, "leaving")).isEqualTo(2);

      assertThat(before.end().handoff()).isEqualTo("drain");
      assertThat(silent.end().handoff()).isEqualTo("drain");
      shutdown.orTimeout(20, TimeUnit.SECONDS).join();
    }
  }

  @Test
  void aPodOfAnOlderRevisionTurnsAwayToThoseOfANewer() {
    double later = System.currentTimeMillis() / 1_000.0 + 60;
    peersPage =
        "grpc_server_active_streams 9\nvachub_pod_accepting 1\n"
            + "vachub_pod_start_time_seconds{revision=\"new\"} "
            + later;
    try (TestServer server = start("vachub.revision=old")) {
      awaitAnswer(server);

      assertRefused(open(server, 0), "This pod is shutting down or will be replaced next");
      assertServed(TestStream.openSilent(server.channel(), ACKNOWLEDGE));
    }
  }

  @Test
  void theFleetIsReadAsItIs() {
    peersPage = "grpc_server_active_streams 12";
    try (TestServer server = start()) {
      awaitAnswer(server);

      Fleet fleet = server.bean(FleetView.class).current();
      assertThat(fleet.streams()).containsExactly(12);
      assertThat(fleet.peers()).isEqualTo(1);
    }
  }
}
