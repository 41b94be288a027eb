package io.vachub.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Attributes;
import io.grpc.ServerTransportFilter;
import io.vachub.TestServer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import net.devh.boot.grpc.server.serverfactory.GrpcServerConfigurer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** Connections that are asked to go after two seconds and closed by force two seconds later. */
class GoAwayTest {

  private static final Logger log = LoggerFactory.getLogger(GoAwayTest.class);

  private static final int CYCLES = Proof.times(24, 200);
  private static final int CLIENTS = 24;

  private Ledger ledger;

  @Import(RecordingBeans.class)
  static class Beans {

    /** The connections that have ended: each by its age, for nothing else ends them here. */
    @Bean
    AtomicInteger ended() {
      return new AtomicInteger();
    }

    @Bean
    GrpcServerConfigurer countEnded(AtomicInteger ended) {
      return builder ->
          builder.addTransportFilter(
              new ServerTransportFilter() {
                @Override
                public void transportTerminated(Attributes attributes) {
                  ended.incrementAndGet();
                }
              });
    }
  }

  @BeforeEach
  void newLedger() {
    ledger = new Ledger(Proof.directory("goaway"));
  }

  @Test
  void cutsLosesAndDoublesNothing() throws InterruptedException {
    try (TestServer server = start("vachub.handoff.enabled=true");
        Load load = Load.start(CLIENTS, server::grpcPort)) {
      AtomicInteger cycles = server.bean(AtomicInteger.class);
      await()
          .atMost(Duration.ofMinutes(10))
          .until(() -> cycles.get() >= CYCLES || load.tally().cut.get() > 0);

      Ledger.Audit audit = ledger.audit(load.finish());

      log.info("{} GOAWAY cycles: {}; {}", cycles, load.tally(), audit);
      assertThat(load.tally().errors).isEmpty();
      assertThat(load.tally().cut).hasValue(0);
      assertThat(load.tally().handedOff).containsOnlyKeys("connection_age");
      assertThat(audit.isExact()).as("%s", audit).isTrue();
      assertThat(server.metric("vachub_streams_cut_total")).isZero();
      await().until(() -> server.metric("grpc_server_active_streams") == 0);
    }
  }

  @Test
  void cutsWithoutHandoff() throws InterruptedException {
    try (TestServer server = start("vachub.handoff.enabled=false");
        Load load = Load.start(CLIENTS, server::grpcPort)) {
      // Until those that were cut have sent again what they could not know of.
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> ledger.audit(load.confirmed()).doubled() > 0);

      Ledger.Audit audit = ledger.audit(load.giveUp());

      log.info("Without handoff: {}; {}", load.tally(), audit);
      assertThat(audit.doubled()).isPositive();
      assertThat(server.metric("vachub_streams_cut_total")).isPositive();
      await().until(() -> server.metric("grpc_server_active_streams") == 0);
    }
  }

  private TestServer start(String handoff) {
    return TestServer.startWith(
        Beans.class,
        handoff,
        "grpc.server.max-connection-age=2s",
        "grpc.server.max-connection-age-grace=2s",
        "vachub.handoff.margin=1s",
        "vachub.server.handshake-timeout=1s",
        "logging.level.io.vachub.streamer=WARN",
        "vachub.proof.ledger=" + ledger.file());
  }
}
