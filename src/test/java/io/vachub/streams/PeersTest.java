package io.vachub.streams;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vachub.TestServer;
import io.vachub.policy.Fleet;
import io.vachub.policy.Revision;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeersTest {

  private static final int NO_PORT = -1;

  private final List<HttpServer> servers = new ArrayList<>();
  private final CountDownLatch hanging = new CountDownLatch(1);

  @AfterEach
  void stop() {
    hanging.countDown();
    servers.forEach(server -> server.stop(0));
  }

  private interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  /** The address of a peer that answers so. */
  private String peer(Answer answer) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(Executors.newCachedThreadPool());
      server.createContext("/actuator/prometheus", answer::to);
      server.start();
      servers.add(server);
      return "127.0.0.1:" + server.getAddress().getPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private String saying(String page) {
    return peer(
        exchange -> {
          byte[] body = page.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  private static Peers peers(String hostPorts, int ownPort) {
    return new Peers(
        new PeerAddresses(hostPorts, ownPort, InetAddress::getAllByName, System::nanoTime));
  }

  private static Peers.Answers read(String... peers) {
    return peers(String.join(",", peers), NO_PORT).read();
  }

  @Test
  void readsThePageOfTheRealService() {
    try (TestServer server = TestServer.start("vachub.revision=7c9f")) {
      List<Fleet.Peer> answers = read("localhost:" + server.metricsPort()).answers();
      assertThat(answers).hasSize(1);
      Fleet.Peer answer = answers.get(0);
      assertThat(answer.streams()).isZero();
      assertThat(answer.leaving()).isFalse();
      assertThat(answer.revision().hash()).isEqualTo("7c9f");
      assertThat(answer.revision().startedAtMillis())
          .isEqualTo(ManagementFactory.getRuntimeMXBean().getStartTime());
      assertThat(peers("localhost:" + server.metricsPort(), server.metricsPort()).read())
          .as("itself")
          .isEqualTo(new Peers.Answers(0, 0, List.of()));
    }
  }

  @Test
  void readsEachPeersCount() {
    Peers.Answers answers =
        read(
            saying("# TYPE grpc_server_active_streams gauge\ngrpc_server_active_streams 108.0\n"),
            saying("grpc_server_active_streams 0\n"));

    assertThat(answers.known()).isEqualTo(2);
    assertThat(answers.answers()).extracting(Fleet.Peer::streams).containsExactlyInAnyOrder(108, 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "garbage",
        "grpc_server_active_streams",
        "grpc_server_active_streams NaN",
        "grpc_server_active_streams +Inf",
        "grpc_server_active_streams -5",
        "grpc_server_active_streams 1.5",
        "grpc_server_active_streams 1e300",
        "grpc_server_active_streams 2000000000",
        "grpc_server_active_streams{pod=\"x\"} 5",
        "grpc_server_active_streams_total 5"
      })
  void leavesAPeerOutThatSaysNonsense(String page) {
    Peers.Answers answers = read(saying(page + "\n"), saying("grpc_server_active_streams 7\n"));

    assertThat(answers.asked()).isEqualTo(2);
    assertThat(answers.answers()).extracting(Fleet.Peer::streams).containsExactly(7);
  }

  @Test
  void leavesAPeerOutThatHangsErrsFloodsOrIsGone() throws IOException {
    int gone;
    try (ServerSocket socket = new ServerSocket(0)) {
      gone = socket.getLocalPort();
    }
    Peers.Answers answers =
        read(
            peer(exchange -> awaitTheEnd()),
            peer(
                exchange -> {
                  exchange.sendResponseHeaders(200, 0);
                  exchange.getResponseBody().write("grpc_server".getBytes(StandardCharsets.UTF_8));
                  exchange.getResponseBody().flush();
                  awaitTheEnd();
                }),
            peer(
                exchange -> {
                  exchange.sendResponseHeaders(200, 0);
                  while (hanging.getCount() > 0) {
                    exchange.getResponseBody().write(new byte[65_536]);
                  }
                }),
            peer(
                exchange -> {
                  exchange.sendResponseHeaders(500, -1);
                  exchange.close();
                }),
            "127.0.0.1:" + gone,
            saying("grpc_server_active_streams 7\n"));

    assertThat(answers.asked()).isEqualTo(6);
    assertThat(answers.answers()).extracting(Fleet.Peer::streams).containsExactly(7);
  }

  private void awaitTheEnd() {
    try {
      hanging.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void readsWhetherAPeerTakesStreamsAndOfWhichRevisionItIs() {
    assertThat(
            read(saying(
                    """
                        grpc_server_active_streams 3.0
                        vachub_pod_accepting 0.0
                        vachub_pod_start_time_seconds{revision="5d4b8"} 1.7641E9
                        """))
                .answers())
        .containsExactly(new Fleet.Peer(3, new Revision("5d4b8", 1_764_100_000_000L), true));
    assertThat(read(saying("grpc_server_active_streams 3.0\n")).answers())
        .as("one that says nothing of it")
        .containsExactly(new Fleet.Peer(3, Revision.UNKNOWN, false));
  }

  @Test
  void asksPeersPastTheProxyThatThisMachineHasForTheWorld() throws IOException {
    try (ServerSocket proxy = new ServerSocket(0)) {
      System.setProperty("http.proxyHost", "127.0.0.1");
      System.setProperty("http.proxyPort", Integer.toString(proxy.getLocalPort()));
      System.setProperty("http.nonProxyHosts", "");

      assertThat(read(saying("grpc_server_active_streams 7\n")).answers()).hasSize(1);
    } finally {
      List.of("http.proxyHost", "http.proxyPort", "http.nonProxyHosts")
          .forEach(System::clearProperty);
    }
  }

  @Test
  void asksASampleOfALargeFleet() {
    String peers =
        IntStream.rangeClosed(1, 100)
            .mapToObj(i -> "127.0.1." + i + ":1")
            .collect(Collectors.joining(","));
    Peers.Answers answers = read(peers);

    assertThat(answers.known()).isEqualTo(100);
    assertThat(answers.asked()).isEqualTo(32);
    assertThat(answers.answers()).isEmpty();
  }

  @Test
  void aNameWithoutAddressesIsNoPeer() {
    assertThat(read("no-such-service.invalid:9464")).isEqualTo(new Peers.Answers(0, 0, List.of()));
  }
}
