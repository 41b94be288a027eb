package io.vachub.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What no server can prevent: kill -9. Who goes on after the last acknowledgement loses nothing.
 */
class KillIT {

  private static final Logger log = LoggerFactory.getLogger(KillIT.class);

  private static final int KILLS = Proof.times(1, 10);
  private static final int CLIENTS = 24;

  @BeforeAll
  static void requirements() {
    Haproxy.assumeInstalled();
  }

  @Test
  void losesOnlyWhatWasNotAcknowledged() throws IOException, InterruptedException {
    Path directory = Proof.directory("kill");
    try (ServerProcess killed = new ServerProcess("killed", directory, List.of()).start();
        ServerProcess survivor = new ServerProcess("survivor", directory, List.of()).start();
        Haproxy haproxy = Haproxy.start("roundrobin", List.of(killed, survivor), directory)) {
      killed.awaitReady();
      survivor.awaitReady();
      try (Load load = Load.startAcknowledged(CLIENTS, haproxy::port)) {
        for (int i = 0; i < KILLS; i++) {
          await()
              .atMost(Duration.ofMinutes(1))
              .until(() -> open(killed) > 0 && open(killed) + open(survivor) == CLIENTS);
          killed.kill();

          await().atMost(Duration.ofMinutes(1)).until(() -> open(survivor) == CLIENTS);
          killed.start().awaitReady();
        }

        Ledger.Audit audit = new Ledger(directory).audit(load.finish());

        log.info("{} kills: {}; {}", KILLS, load.tally(), audit);
        assertThat(load.tally().errors).isEmpty();
        assertThat(load.tally().cut.get()).isPositive();
        assertThat(audit.lost()).isZero();
        // What was processed and not acknowledged is sent again: at most what was on its way.
        assertThat(audit.doubled()).isLessThan(audit.messages() / 10);
        assertThat(survivor.sum("vachub_streams_cut_total")).isZero();
        await().until(() -> open(survivor) == 0);
      }
    }
  }

  private static double open(ServerProcess server) {
    return server.metric("grpc_server_active_streams").orElse(-1);
  }
}
