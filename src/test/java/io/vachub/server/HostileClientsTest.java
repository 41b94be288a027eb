package io.vachub.server;

import static io.vachub.TestServer.request;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.vachub.CapturesOutput;
import io.vachub.Commands;
import io.vachub.TestServer;
import io.vachub.TestStream;
import io.vachub.proto.StreamerGrpc;
import io.vachub.proto.TextRequest;
import io.vachub.proto.TextResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;

/** Clients that mean harm, and what the others notice of them. */
@CapturesOutput
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
  void connectionsWithCallsAreBounded() throws Exception {
    try (TestServer server = TestServer.start("vachub.server.max-connections=20")) {
      List<HostileHttp2> open = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        try {
          HostileHttp2 connection = new HostileHttp2(server.grpcPort());
          connection.call(PROCESS);
          connection.awaitRead();
          open.add(connection);
        } catch (IOException e) {
          // Closed even before it said hello.
        }
      }
      await().untilAsserted(() -> assertThat(stillOpen(open)).hasSize(20));
      assertThat(stillOpen(open)).as("those that were there first").isEqualTo(open.subList(0, 20));

      for (HostileHttp2 connection : open) {
        connection.close();
      }
      await().ignoreExceptions().untilAsserted(() -> isServed(server.channel()));
    }
  }

  @Test
  void aNewConnectionTakesThePlaceOfTheOneThatHasBeenWithoutACallForLongest() throws Exception {
    try (TestServer server = TestServer.start("vachub.server.max-connections=20")) {
      TestStream<TextRequest, TextResponse> neighbour =
          TestStream.open(server.channel(), StreamerGrpc.getAcknowledgeTextStreamMethod())
              .send(request("neighbour", 1));
      neighbour.headers();
      ManagedChannel restless = server.channel();
      isServed(restless);
      AtomicBoolean cut = new AtomicBoolean();
      restless.notifyWhenStateChanged(ConnectivityState.READY, () -> cut.set(true));
      List<HostileHttp2> silent = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        HostileHttp2 connection = new HostileHttp2(server.grpcPort());
        silent.add(connection);
        connection.awaitRead();
        // Without a call for less long than those before it.
        isServed(restless);
      }

      await().untilAsserted(() -> assertThat(stillOpen(silent)).hasSize(18));
      assertThat(stillOpen(silent)).isEqualTo(silent.subList(22, 40));
      assertThat(cut).isFalse();
      isServed(server.channel());
      neighbour.send(request("neighbour", 2)).halfClose();
      assertThat(neighbour.end().status().isOk()).isTrue();
      assertThat(neighbour.answers()).hasSize(2);
      for (HostileHttp2 connection : silent) {
        connection.close();
      }
    }
  }

  @Test
  void connectionsThatSayNothingGiveWayInTheirTurn() throws Exception {
    try (TestServer server =
        TestServer.start(
            "vachub.server.max-connections=2", "vachub.server.handshake-timeout=10m")) {
      List<Socket> silent = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        silent.add(new Socket(InetAddress.getLoopbackAddress(), server.grpcPort()));
      }
      for (Socket socket : silent.subList(0, 8)) {
        socket.setSoTimeout(20_000);
        assertThat(ends(socket)).isTrue();
      }
      for (Socket socket : silent.subList(8, 10)) {
        socket.setSoTimeout(100);
        assertThat(ends(socket)).isFalse();
      }
      isServed(server.channel());
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }

  @Test
  void aConnectionThatTakesNothingGivesWayAtOnce() throws Exception {
    try (TestServer server = TestServer.start("vachub.server.max-connections=1");
        Socket deaf = deaf(server)) {
      isServed(server.channel());

      await().until(() -> !hasSocket(server.grpcPort(), deaf.getLocalPort()));
    }
  }

  /** One that asks for answers until no more of them fit between it and the server. */
  private static Socket deaf(TestServer server) throws IOException {
    Socket deaf = new Socket();
    deaf.setReceiveBufferSize(4_096);
    deaf.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.grpcPort()));
    OutputStream out = deaf.getOutputStream();
    out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    ByteArrayOutputStream settings = new ByteArrayOutputStream();
    for (int i = 0; i < 600_000; i++) {
      settings.writeBytes(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
    }
    try {
      out.write(settings.toByteArray());
    } catch (IOException e) {
      // Closed for it.
    }
    return deaf;
  }

  /** Whether the server closes it, in time. */
  private static boolean ends(Socket socket) {
    try {
      socket.getInputStream().readAllBytes();
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private static List<HostileHttp2> stillOpen(List<HostileHttp2> connections) {
    return connections.stream().filter(connection -> !connection.isClosed()).toList();
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

  /** CVE-2025-8671. */
  @Test
  void aStreamThatItsClientMakesTheServerResetIsNotCut() throws Exception {
    try (TestServer server = TestServer.start();
        HostileHttp2 attacker = HostileHttp2.deaf(server.grpcPort())) {
      for (int i = 0; i < 50; i++) {
        attacker.dataAfterTheEnd(attacker.call(PROCESS));
      }
      attacker.awaitRead();

      await().untilAsserted(() -> assertThat(attacker.reset()).hasSize(50));
      await().until(() -> server.metric("grpc_server_active_streams") == 0);
      assertThat(server.metric("vachub_streams_cut_total")).isZero();
      assertThat(server.metric("vachub_streams_ended_total{ending=\"client_error\"}"))
          .isEqualTo(50);
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

  @ParameterizedTest
  @ValueSource(strings = {":", ""})
  void whatIsLoggedOfHeadersIsShortAndCanBePrinted(String before, CapturedOutput output)
      throws Exception {
    try (TestServer server = TestServer.start();
        HostileHttp2 attacker = new HostileHttp2(server.grpcPort())) {
      int start = output.length();
      attacker.call(PROCESS, before + "X\u001b[2J\u009b2J\n" + "x".repeat(15_000), "a");
      attacker.awaitRead();
      isServed(server.channel());
      awaitLogged(output);

      assertHarmless(output.toString().substring(start));
    }
  }

  @Test
  void whatIsLoggedOfTracesIsBounded(CapturedOutput output) throws Exception {
    try (TestServer server =
            TestServer.start("otel.propagators=tracecontext,baggage,b3,b3multi,jaeger,ottrace");
        HostileHttp2 attacker = new HostileHttp2(server.grpcPort())) {
      int start = output.length();
      for (int i = 0; i < 3; i++) {
        attacker.call(PROCESS, "baggage", "a=%zz,".repeat(1_000));
        attacker.call(PROCESS, "traceparent", "00-\u009b");
        attacker.call(PROCESS, "uber-trace-id", "%zz:1:\u009b2J:0");
        attacker.call(PROCESS, "jaeger-baggage", "\u009b,".repeat(100));
        attacker.call(PROCESS, "b3", "\u009b-1-1");
      }
      attacker.awaitRead();
      isServed(server.channel());
      awaitLogged(output);

      assertHarmless(output.toString().substring(start));
      assertThat(output).contains("Skipping invalid baggage member: java.lang.");
    }
  }

  @Test
  void strangersOnTheMetricsPortDoNotFillTheLog(CapturedOutput output) throws Exception {
    try (TestServer server = TestServer.start()) {
      int start = output.length();
      String nasty = "\u009b2J" + "x".repeat(4_000);
      for (String request :
          List.of(
              "POST /actuator/health HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
              "BREW /actuator/health HTTP/1.1\r\nHost: a\r\n\r\n",
              "GET /" + "x".repeat(4_000) + " HTTP/1.1\r\nHost: a\r\n\r\n",
              "GET /%1B[2J%0AERROR HTTP/1.1\r\nHost: a\r\n\r\n",
              "GET /" + nasty + " HTTP/1.1\r\nHost: a\r\n\r\n",
              "GET / HTTP/1.1\r\nHost: " + nasty + "\r\n\r\n",
              "GET / HTTP/1.1\r\nHost: a\r\n" + nasty + ": a\r\n\r\n",
              "GET / HTTP/1.1\r\nHost: a\r\nCookie: " + nasty + "=\u009b;;\r\n\r\n",
              "GET /actuator/prometheus?includedNames=%zz" + " HTTP/1.1\r\nHost: a\r\n\r\n",
              "\u001b[2J" + nasty + "\r\n\r\n")) {
        for (int i = 0; i < 50; i++) {
          try (Socket stranger =
              new Socket(InetAddress.getLoopbackAddress(), server.metricsPort())) {
            stranger.setSoTimeout(5_000);
            stranger.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            stranger.getInputStream().read();
          }
        }
      }
      isServed(server.channel());
      awaitLogged(output);

      assertHarmless(output.toString().substring(start));
    }
  }

  private static void awaitLogged(CapturedOutput output) {
    await().untilAsserted(() -> assertThat(output).contains("Client: neighbour"));
  }

  private static void assertHarmless(String logged) {
    assertThat(logged).doesNotContain("\u001b", "\u009b");
    assertThat(logged.lines())
        .as("each on one line")
        .allMatch(line -> line.length() < 1_000 && line.matches("\\d{4}-.*"));
    assertThat(logged.lines().collect(groupingBy(line -> line.substring(0, 19), counting())))
        .as("those of each second")
        .allSatisfy((second, lines) -> assertThat(lines).isLessThan(40));
  }

  @Test
  void whatAClientCallsAddsNoSeriesToThePage() throws Exception {
    try (TestServer server = TestServer.start();
        HostileHttp2 attacker = new HostileHttp2(server.grpcPort())) {
      attacker.call("streaming.Streamer/Unknown");
      attacker.call("unknown");
      isServed(server.channel());
      await().until(() -> server.scrape().contains("grpc_status=\"OK\""));
      long before = callSeries(server);
      for (int i = 0; i < 200; i++) {
        attacker.call("nobodys.Service" + i + "/Method");
        attacker.call("streaming.Streamer/Method" + i);
      }
      attacker.awaitRead();

      await()
          .untilAsserted(
              () ->
                  assertThat(
                          server.metric(
                              "grpc_server_call_duration_seconds_count{grpc_method=\"other\",grpc_status=\"UNIMPLEMENTED\"}"))
                      .isGreaterThanOrEqualTo(400));
      assertThat(callSeries(server)).isEqualTo(before);
      assertThat(server.scrape()).doesNotContain("nobodys", "Method1");
    }
  }

  private static long callSeries(TestServer server) {
    return server.scrape().lines().filter(line -> line.startsWith("grpc_server_call_")).count();
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

  /** Whether this user may, by sudo if need be. */
  private static boolean iptables(String arguments) throws Exception {
    String command = "iptables -w " + arguments;
    return Commands.succeeds(command.split(" "))
        || Commands.succeeds(("sudo -n " + command).split(" "));
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
