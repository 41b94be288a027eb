package io.vachub.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.netty.shaded.io.netty.util.internal.PlatformDependent;
import io.vachub.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections on which what has begun does not end: frames, headers and records of TLS. */
class PartialFramesTest {

  /** Each would take up to 256 KB of Netty's buffers. */
  private static final int CONNECTIONS = 100;

  /** Where each would take 32 KB. */
  private static final int TLS_CONNECTIONS = 300;

  private static final int FEW_BYTES = 5_000_000;

  private final List<HostileHttp2> attackers = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    for (HostileHttp2 attacker : attackers) {
      attacker.close();
    }
  }

  private interface Attack {
    void by(HostileHttp2 attacker) throws Exception;
  }

  private void attack(TestServer server, boolean tls, Attack attack) throws Exception {
    for (int i = 0; i < (tls ? TLS_CONNECTIONS : CONNECTIONS); i++) {
      HostileHttp2 attacker =
          tls ? HostileHttp2.deafOverTls(server.grpcPort()) : new HostileHttp2(server.grpcPort());
      attackers.add(attacker);
      attacker.awaitRead();
      attack.by(attacker);
    }
  }

  private long closed() {
    return attackers.stream().filter(HostileHttp2::isClosed).count();
  }

  @Test
  void aPartOfAFrameDoesNotKeepWhatArrivedBeforeIt() throws Exception {
    try (TestServer server = TestServer.start()) {
      long before = PlatformDependent.usedDirectMemory();
      attack(server, false, attacker -> attacker.beginFrame(12));

      assertThat(PlatformDependent.usedDirectMemory() - before).isLessThan(FEW_BYTES);
      assertThat(closed()).isZero();
    }
  }

  @Test
  void aPartOfATlsRecordDoesNotKeepWhatArrivedBeforeIt(@TempDir Path directory) throws Exception {
    new OpenSsl(directory).certificate("tls");
    try (TestServer server = TestServer.startWithTls(directory)) {
      long before = PlatformDependent.usedDirectMemory();
      attack(server, true, attacker -> attacker.beginRecord(12));

      assertThat(PlatformDependent.usedDirectMemory() - before).isLessThan(FEW_BYTES);
      assertThat(closed()).isZero();
    }
  }

  @Test
  void whatAllConnectionsHaveBegunIsBounded() throws Exception {
    try (TestServer server = TestServer.start("vachub.server.max-unread-bytes=1MB")) {
      LastingStream neighbour = LastingStream.on(server);
      try (HostileHttp2 slow = new HostileHttp2(server.grpcPort())) {
        slow.beginFrame(12);
        attack(
            server,
            false,
            attacker -> {
              attacker.call("streaming.Streamer/ProcessTextStream");
              attacker.beginFrame(15_000);
            });

        await().untilAsserted(() -> assertThat(closed()).isBetween(31L, 38L));
        await()
            .untilAsserted(
                () ->
                    assertThat(server.metric("grpc_server_active_streams"))
                        .as("the neighbour's and those that are left")
                        .isEqualTo(1.0 + CONNECTIONS - closed()));
        assertThat(slow.isClosed()).as("it is the oldest and holds little").isFalse();
      }
      assertThat(attackers.subList(0, 31)).as("the oldest").allMatch(HostileHttp2::isClosed);
      neighbour.lasts();
    }
  }

  @Test
  void headersThatDoNotEndAreBounded() throws Exception {
    try (TestServer server = TestServer.start("vachub.server.max-unread-bytes=1MB")) {
      attack(server, false, attacker -> attacker.beginHeaders(60_000));

      await().untilAsserted(() -> assertThat(closed()).isGreaterThan(80));
    }
  }
}
