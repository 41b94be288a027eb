package io.vachub.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A rollout that never ends: two of four servers at a time are stopped by SIGTERM, under load. */
class RestartIT {

  private static final Logger log = LoggerFactory.getLogger(RestartIT.class);

  private static final int RESTARTS = Proof.times(4, 100);
  private static final int CLIENTS = 24;
  private static final int PYTHON_CLIENTS = 4;
  private static final int SERVERS = 4;
  private static final int AT_A_TIME = 2;

  private List<ServerProcess> servers = List.of();
  private double cut;

  @BeforeAll
  static void requirements() throws IOException, InterruptedException {
    Haproxy.assumeInstalled();
    PythonLoad.assumeInstalled();
  }

  @AfterEach
  void stopServers() throws InterruptedException {
    for (ServerProcess server : servers) {
      server.close();
    }
  }

  @Test
  void cutsLosesAndDoublesNothing() throws IOException, InterruptedException {
    Path directory = Proof.directory("restarts");
    startServers(directory, "vachub.drain.quiet-period=1s", "vachub.drain.spread=1s");
    try (Haproxy haproxy = Haproxy.start("roundrobin", servers, directory);
        Load load = Load.start(CLIENTS, haproxy::port);
        PythonLoad python = PythonLoad.start(PYTHON_CLIENTS, haproxy.port(), directory)) {
      for (int i = 0; i < RESTARTS; i += AT_A_TIME) {
        restart(servers.subList(i % SERVERS, i % SERVERS + AT_A_TIME));
        log.info("{} restarts: {}", i + AT_A_TIME, load.tally());
      }
      Map<String, Integer> highest = new HashMap<>(load.finish());
      PythonLoad.Seen seenByPython = python.finish();
      highest.putAll(seenByPython.highest());
      Ledger.Audit audit = new Ledger(directory).audit(highest);

      log.info("{} restarts: {}; {}; {}", RESTARTS, load.tally(), seenByPython, audit);
      assertThat(load.tally().errors).isEmpty();
      assertThat(load.tally().cut).as("%s", load.tally()).hasValue(0);
      assertThat(load.tally().handedOff).containsOnlyKeys("drain");
      assertThat(seenByPython.cut()).isZero();
      assertThat(seenByPython.handedOff()).isPositive();
      assertThat(audit.isExact()).as("%s", audit).isTrue();
      for (ServerProcess server : servers) {
        await().until(() -> server.metric("grpc_server_active_streams").orElse(-1) == 0);
        cut += server.sum("vachub_streams_cut_total");
      }
      assertThat(cut).isZero();
    }
  }

  /** The counter-proof; GoAwayTest has a shorter one. */
  @Test
  @EnabledIfSystemProperty(named = "vachub.proof.long", matches = "true")
  void cutsWithoutHandoff() throws IOException, InterruptedException {
    Path directory = Proof.directory("restarts-without");
    startServers(
        directory,
        "vachub.handoff.enabled=false",
        "vachub.drain.quiet-period=0s",
        "vachub.drain.spread=0s",
        "grpc.server.shutdown-grace-period=2s");
    try (Haproxy haproxy = Haproxy.start("roundrobin", servers, directory);
        Load load = Load.startUnacknowledged(CLIENTS, haproxy::port)) {
      ServerProcess server = servers.get(0);
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> server.metric("grpc_server_active_streams").orElse(0) > 0);
      server.terminate();
      server.exitCode();
      // Until those that were cut have sent again what they could not know of.
      Ledger ledger = new Ledger(directory);
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> ledger.audit(load.confirmed()).doubled() > 0);

      Ledger.Audit audit = ledger.audit(load.giveUp());

      log.info("1 restart without handoff: {}; {}", load.tally(), audit);
      assertThat(load.tally().cut.get()).isPositive();
      assertThat(audit.doubled()).isPositive();
    }
  }

  /** Stops servers that hold streams, and starts them again. */
  private void restart(List<ServerProcess> some) throws InterruptedException {
    for (ServerProcess server : some) {
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> server.metric("grpc_server_active_streams").orElse(0) > 0);
      cut += server.sum("vachub_streams_cut_total");
      server.terminate();
    }
    // Somebody is impatient, which changes nothing.
    some.forEach(ServerProcess::terminate);
    for (ServerProcess server : some) {
      assertThat(server.exitCode()).isZero();
      server.start();
    }
    some.forEach(ServerProcess::awaitReady);
  }

  private void startServers(Path directory, String... properties) {
    servers =
        IntStream.range(0, SERVERS)
            .mapToObj(i -> new ServerProcess("server-" + i, directory, List.of(properties)))
            .toList();
    servers.forEach(ServerProcess::start);
    servers.forEach(ServerProcess::awaitReady);
  }
}
