package io.vachub.server;

import static io.vachub.TestServer.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.vachub.Commands;
import io.vachub.TestServer;
import io.vachub.TestStream;
import io.vachub.proto.StreamerGrpc;
import io.vachub.proto.TextRequest;
import io.vachub.proto.TextResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Clients that mean harm, and what the others notice of them. */
@ExtendWith(OutputCaptureExtension.class)
class HostileClientsTest {

  private static final String ACKNOWLEDGE = "streaming.Streamer/AcknowledgeTextStream";
  private static final String PROCESS = "streaming.Streamer/ProcessTextStream";

  private static void isServed(ManagedChannel channel) {
    assertThat(
            TestStream.open(channel, StreamerGrpc.getAcknowledgeTextStreamMethod())
                .send(request("neighbour", 1))
                .halfClose()
                .end()
                .status()
                .isOk())
        .isTrue();
  }

  @Test
  void uncountedCallsAreBoundedAndAProbeAlwaysFindsRoom() {
    try (TestServer server = TestServer.start("vachub.server.max-uncounted-calls=10")) {
      ManagedChannel attacker = server.channel();
      List<TestStream<HealthCheckRequest, HealthCheckResponse>> watches = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        TestStream<HealthCheckRequest, HealthCheckResponse> watch =
            TestStream.open(attacker, HealthGrpc.getWatchMethod());
        watches.add(watch.send(HealthCheckRequest.getDefaultInstance()).halfClose());
        watch.headers();
      }

      await()
          .untilAsserted(() -> assertThat(watches.stream().filter(TestStream::ended)).hasSize(40));
      assertThat(watches.get(0).end().status().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      assertThat(
              HealthGrpc.newBlockingStub(server.channel())
                  .check(HealthCheckRequest.getDefaultInstance())
                  .getStatus())
          .isEqualTo(ServingStatus.SERVING);
    }
  }

  @Test
  void connectionsAreBounded() throws Exception {
    try (TestServer server = TestServer.start("vachub.server.max-connections=20")) {
      List<HostileHttp2> open = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        try {
          open.add(new HostileHttp2(server.grpcPort()));
        } catch (IOException e) {
          // Closed even before it said hello.
        }
      }
      await()
          .untilAsserted(
              () ->
                  assertThat(open.stream().filter(connection -> !connection.isClosed()))
                      .hasSize(20));

      for (HostileHttp2 connection : open) {
        connection.close();
      }
      await().ignoreExceptions().untilAsserted(() -> isServed(server.channel()));
    }
  }

  @Test
  void compressedMessagesAreRefusedUnlessTheyAreAskedFor() {
    CallOptions gzip = CallOptions.DEFAULT.withCompression("gzip");
    TextRequest bomb = TextRequest.newBuilder().setMessage("x".repeat(4_000_000)).build();
    try (TestServer off = TestServer.start();
        TestServer on = TestServer.start("vachub.server.decompression=true")) {
      var process = StreamerGrpc.getProcessTextStreamMethod();
      assertThat(
              TestStream.open(off.channel(), process, gzip)
                  .send(bomb)
                  .halfClose()
                  .end()
                  .status()
                  .getCode())
          .isEqualTo(Status.Code.UNIMPLEMENTED);
      assertThat(
              TestStream.open(on.channel(), process, gzip)
                  .send(bomb)
                  .halfClose()
                  .end()
                  .status()
                  .isOk())
          .isTrue();
    }
  }

  @Test
  void whatAClientDoesNotReadIsNotAnswered() throws Exception {
    try (TestServer server = TestServer.start();
        HostileHttp2 deaf = HostileHttp2.deaf(server.grpcPort())) {
      deaf.data(deaf.call(ACKNOWLEDGE), HostileHttp2.messages(10_000));
      deaf.data(deaf.call(PROCESS), HostileHttp2.unfinished(100));
      // What is sent later has arrived: so has what was sent before.
      await().until(() -> server.metric("grpc_server_active_streams") == 2);

      assertThat(server.metric("app_message_processed_count_total")).isBetween(1.0, 512.0);
    }
  }

  @Test
  void everyMessageIsAnsweredInItsTurn() throws Exception {
    int messages = 5_000;
    try (TestServer server = TestServer.start()) {
      List<Integer> answers = new ArrayList<>();
      CountDownLatch end = new CountDownLatch(1);
      ClientCall<TextRequest, TextResponse> call =
          server
              .channel()
              .newCall(StreamerGrpc.getAcknowledgeTextStreamMethod(), CallOptions.DEFAULT);
      call.start(
          new ClientCall.Listener<>() {
            @Override
            public void onMessage(TextResponse answer) {
              answers.add(answer.getMessageCount());
            }

            @Override
            public void onClose(Status status, Metadata trailers) {
              end.countDown();
            }
          },
          new Metadata());
      for (int i = 0; i < messages; i++) {
        call.sendMessage(request("deaf", i));
      }
      call.halfClose();
      call.request(messages);

      assertThat(end.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(answers).isEqualTo(IntStream.rangeClosed(1, messages).boxed().toList());
    }
  }

  @Test
  void faultsOfClientsDoNotFillTheLog(CapturedOutput output) throws Exception {
    try (TestServer server = TestServer.start("logging.level.io.vachub.streamer=WARN");
        HostileHttp2 attacker = new HostileHttp2(server.grpcPort())) {
      int before = output.toString().length();
      for (int i = 0; i < 500; i++) {
        // Reserved bits: no message of gRPC's begins so.
        attacker.data(attacker.call(PROCESS), new byte[] {-1, 0, 0, 0, 0});
      }
      await().untilAsserted(() -> assertThat(attacker.reset()).isNotEmpty());
      await()
          .untilAsserted(
              () ->
                  assertThat(server.metric("vachub_log_lines_lost_total{reason=\"rate_limit\"}"))
                      .isGreaterThan(300));

      String logged = output.toString().substring(before);
      assertThat(logged).contains("Exception processing message").doesNotContain("\tat ");
      assertThat(logged.length()).isLessThan(50_000);
      isServed(server.channel());
    }
  }

  @Test
  void probesAreAnsweredWhileStrangersHoldTheMetricsPort() throws Exception {
    try (TestServer server = TestServer.start()) {
      List<Socket> strangers = new ArrayList<>();
      try {
        for (int i = 0; i < 600; i++) {
          Socket stranger = new Socket(InetAddress.getLoopbackAddress(), server.metricsPort());
          strangers.add(stranger);
          if (i % 2 == 0) {
            stranger
                .getOutputStream()
                .write(
                    "POST /actuator/health HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nx"
                        .getBytes(StandardCharsets.US_ASCII));
          }
        }
        URI liveness =
            URI.create("http://localhost:" + server.metricsPort() + "/actuator/health/liveness");
        // As the kubelet asks.
        HttpResponse<Void> answer =
            HttpClient.newHttpClient()
                .send(
                    HttpRequest.newBuilder(liveness).timeout(Duration.ofSeconds(5)).build(),
                    HttpResponse.BodyHandlers.discarding());
        assertThat(answer.statusCode()).isEqualTo(200);
        AtomicInteger closed = new AtomicInteger();
        for (Socket stranger : strangers) {
          stranger.setSoTimeout(20_000);
          stranger.getInputStream().readAllBytes();
          closed.incrementAndGet();
        }
        assertThat(closed).hasValue(600);
      } finally {
        for (Socket stranger : strangers) {
          stranger.close();
        }
      }
    }
  }

  @Test
  void aHalfOpenConnectionIsClosed() throws Exception {
    assumeThat(iptables("-L")).as("may filter packets here").isTrue();
    try (TestServer server =
            TestServer.start(
                "grpc.server.keep-alive-time=1s", "grpc.server.keep-alive-timeout=2s");
        HostileHttp2 client = new HostileHttp2(server.grpcPort())) {
      String rule = "OUTPUT -p tcp --sport %d --dport %d -j DROP";
      String vanished = rule.formatted(client.localPort(), server.grpcPort());
      client.call(PROCESS);
      await().until(() -> server.metric("grpc_server_connections") == 1);
      assertThat(iptables("-A " + vanished)).isTrue();
      try {
        await()
            .atMost(Duration.ofSeconds(60))
            .until(() -> !hasSocket(server.grpcPort(), client.localPort()));
      } finally {
        iptables("-D " + vanished);
      }
      isServed(server.channel());
    }
  }

  private static boolean iptables(String arguments) throws Exception {
    return Commands.succeeds(("iptables -w " + arguments).split(" "));
  }

  /** Whether the kernel keeps a socket of this port to that one; whether the server still can. */
  private static boolean hasSocket(int port, int peer) throws Exception {
    String from = ":%04X ".formatted(port);
    String to = ":%04X ".formatted(peer);
    for (String table : List.of("tcp", "tcp6")) {
      if (Files.readAllLines(Path.of("/proc/net/" + table)).stream()
          .anyMatch(line -> line.matches(".*" + from + "\\w+" + to + "(01|04|05|08) .*"))) {
        return true;
      }
    }
    return false;
  }
}
