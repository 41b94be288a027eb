package io.vachub.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.vachub.TestServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a bad peer says, or does not say, moves no stream. */
class BadPeersTest {

  private static final int CLIENTS = 12;
  private static final int READS = 5;

  private static final List<String> LIES =
      List.of(
          "grpc_server_active_streams 999999",
          "grpc_server_active_streams 1e300",
          "grpc_server_active_streams -5",
          "grpc_server_active_streams NaN",
          "grpc_server_active_streams",
          "grpc_server_active_streams 0 ".repeat(5_000),
          "\u0000\u0001 garbage");

  private final int peerPort = ServerProcess.freePort();
  private final AtomicInteger reads = new AtomicInteger();
  private final CountDownLatch hanging = new CountDownLatch(1);
  private volatile String page = LIES.get(0);

  @Test
  void movesNothing() throws IOException, InterruptedException {
    Ledger ledger = new Ledger(Proof.directory("bad-peers"));
    HttpServer peer = startPeer();
    try (TestServer server = startServer(ledger);
        Load load = Load.start(CLIENTS, server::grpcPort)) {
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> server.metric("grpc_server_active_streams") == CLIENTS);
      for (String lie : LIES) {
        page = lie;
        awaitReads();
        assertNothingMoved(load, lie);
      }
      page = null;
      awaitReads();
      assertNothingMoved(load, "a peer that hangs");
      peer.stop(0);
      hanging.countDown();
      awaitMessages(server);
      assertNothingMoved(load, "a peer that has vanished");

      // And so that all this could have failed:
      page = "grpc_server_active_streams 0";
      peer = startPeer();
      await().atMost(Duration.ofMinutes(1)).until(() -> load.tally().handedOffTotal() > 0);

      assertThat(ledger.audit(load.finish()).isExact()).isTrue();
      assertThat(load.tally().cut).hasValue(0);
    } finally {
      peer.stop(0);
    }
  }

  private static void assertNothingMoved(Load load, String peer) {
    assertThat(load.tally().streams).as(peer).hasValue(CLIENTS);
  }

  private void awaitReads() {
    int before = reads.get();
    await().atMost(Duration.ofMinutes(1)).until(() -> reads.get() >= before + READS);
  }

  /** Long enough for the server to try the peer several times. */
  private static void awaitMessages(TestServer server) {
    double before = server.metric("app_message_processed_count_total");
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> server.metric("app_message_processed_count_total") > before + CLIENTS * 50);
  }

  private HttpServer startPeer() throws IOException {
    HttpServer peer = HttpServer.create(new InetSocketAddress("127.0.0.1", peerPort), 0);
    peer.setExecutor(Executors.newCachedThreadPool());
    peer.createContext(
        "/",
        exchange -> {
          reads.incrementAndGet();
          if (page == null) {
            awaitForever();
          } else {
            byte[] body = (page + "\n").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            try (OutputStream out = exchange.getResponseBody()) {
              out.write(body);
            }
          }
        });
    peer.start();
    return peer;
  }

  private void awaitForever() {
    try {
      hanging.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private TestServer startServer(Ledger ledger) {
    return TestServer.startWith(
        RecordingBeans.class,
        "vachub.rebalance.peers=127.0.0.1:" + peerPort,
        "vachub.rebalance.interval=200ms",
        "vachub.rebalance.window=200ms",
        "vachub.rebalance.min-stream-age=0s",
        "logging.level.io.vachub.streamer=WARN",
        "vachub.proof.ledger=" + ledger.file());
  }
}
