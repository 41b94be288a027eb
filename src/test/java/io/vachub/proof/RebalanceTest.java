package io.vachub.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vachub.TestServer;
import io.vachub.handoff.OpenCalls;
import io.vachub.policy.HandoffReason;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Two servers between which streams are moved at random, and by their own rebalancing. */
class RebalanceTest {

  private static final Logger log = LoggerFactory.getLogger(RebalanceTest.class);

  private static final int REBALANCINGS = Proof.times(50, 1_000);
  private static final int CLIENTS = 24;

  @Test
  void cutsLosesAndDoublesNothing() throws InterruptedException {
    Ledger ledger = new Ledger(Proof.directory("rebalance"));
    int firstPort = ServerProcess.freePort();
    int secondPort = ServerProcess.freePort();
    Random random = new Random();
    try (TestServer first = start(ledger, firstPort, secondPort);
        TestServer second = start(ledger, secondPort, firstPort);
        Load load = Load.start(CLIENTS, () -> (random.nextBoolean() ? first : second).grpcPort())) {
      List<TestServer> servers = List.of(first, second);
      for (int i = 0; i < REBALANCINGS; i++) {
        await().until(() -> servers.stream().allMatch(server -> open(server).count() > 0));
        long before = load.tally().handedOffTotal();
        TestServer server = servers.get(random.nextInt(2));
        open(server).handOffAll(HandoffReason.REBALANCE);
        await()
            .atMost(Duration.ofMinutes(1))
            .pollInterval(Duration.ofMillis(20))
            .until(() -> load.tally().handedOffTotal() > before);
      }

      Ledger.Audit audit = ledger.audit(load.finish());

      log.info("{} rebalancings: {}; {}", REBALANCINGS, load.tally(), audit);
      assertThat(load.tally().errors).isEmpty();
      assertThat(load.tally().cut).as("%s", load.tally()).hasValue(0);
      assertThat(load.tally().handedOff).containsOnlyKeys("rebalance");
      assertThat(audit.isExact()).as("%s", audit).isTrue();
      for (TestServer server : servers) {
        assertThat(server.metric("vachub_streams_cut_total")).isZero();
        await().until(() -> server.metric("grpc_server_active_streams") == 0);
      }
    }
  }

  private static OpenCalls open(TestServer server) {
    return server.bean(OpenCalls.class);
  }

  private static TestServer start(Ledger ledger, int ownPort, int peerPort) {
    return TestServer.startWith(
        RecordingBeans.class,
        "server.port=" + ownPort,
        "vachub.rebalance.peers=127.0.0.1:" + peerPort,
        "vachub.rebalance.interval=200ms",
        "vachub.rebalance.window=200ms",
        "vachub.rebalance.tolerance=0",
        "vachub.rebalance.min-stream-age=0s",
        "logging.level.io.vachub.streamer=WARN",
        "logging.level.io.vachub.handoff=WARN",
        "vachub.proof.ledger=" + ledger.file());
  }
}
