package io.vachub.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a fleet evens out: 120 streams on the first of four servers, the others join one by one, then
 * all four are full, then there is more than they hold. Writes a curve for each run below {@code
 * target/balance}; for {@code -Pbalance} only. Rebalancing has its production settings; streams are
 * renewed every three minutes instead of ten, so that a run of nine minutes shows what age alone
 * does.
 */
@EnabledIfSystemProperty(named = "vachub.balance", matches = "true")
class BalanceIT {

  private static final Logger log = LoggerFactory.getLogger(BalanceIT.class);

  private static final int SERVERS = 4;
  private static final int STREAMS = 120;
  private static final int MAX_ACTIVE = 60;

  private static final Duration SAMPLE = Duration.ofSeconds(5);
  private static final Duration ALONE = Duration.ofSeconds(20);
  private static final Duration PHASE = Duration.ofSeconds(75);
  private static final Duration LAST_PHASE = Duration.ofSeconds(120);

  private Path curve;
  private List<ServerProcess> servers;
  private long begin;
  private double movedBefore;

  @BeforeAll
  static void requirements() {
    Haproxy.assumeInstalled();
  }

  @ParameterizedTest
  @CsvSource({"roundrobin, true", "random, true", "roundrobin, false", "random, false"})
  void evensOut(String balance, boolean rebalancing) throws IOException, InterruptedException {
    String name = balance + (rebalancing ? "-rebalancing" : "-age-only");
    Path directory = Proof.directory("balance-" + name);
    curve = Files.createDirectories(Path.of("target", "balance")).resolve(name + ".csv");
    Files.writeString(curve, "seconds,phase,streams,max_over_mean,moved_per_minute\n");
    int[] metricsPorts = IntStream.range(0, SERVERS).map(i -> ServerProcess.freePort()).toArray();
    String peers =
        IntStream.range(0, SERVERS)
            .mapToObj(i -> "pod-" + i + ":" + metricsPorts[i])
            .collect(Collectors.joining(","));
    servers =
        IntStream.range(0, SERVERS)
            .mapToObj(i -> server(i, metricsPorts[i], directory, rebalancing ? peers : ""))
            .toList();
    try (Haproxy haproxy = Haproxy.start(balance, servers, directory)) {
      servers.forEach(ServerProcess::start);
      servers.forEach(ServerProcess::awaitReady);
      for (ServerProcess server : servers) {
        haproxy.use(server, false);
      }
      join(haproxy, directory, 1);
      try (Load load = Load.startSlow(STREAMS, haproxy::port)) {
        await().atMost(Duration.ofMinutes(2)).until(() -> open(servers.get(0)) == STREAMS);
        begin = System.nanoTime();
        movedBefore = moved();
        record("1 server", ALONE);
        for (int joined = 2; joined <= SERVERS; joined++) {
          join(haproxy, directory, joined);
          record(joined + " servers", joined < SERVERS ? PHASE : LAST_PHASE);
        }
        try (Load more = Load.startSlow(SERVERS * MAX_ACTIVE - STREAMS, haproxy::port)) {
          record("4 full", LAST_PHASE);
          // The first has room for as many again, so that what it sheds comes straight back.
          try (Load tooMany = Load.startSlow(STREAMS - MAX_ACTIVE + 20, haproxy::port)) {
            record("4 and too many", LAST_PHASE);
            log.info("{}: {} {} {}", name, load.tally(), more.tally(), tooMany.tally());
            assertThat(more.tally().cut.get() + tooMany.tally().cut.get()).isZero();
          }
        }
        load.finish();
        log.info("{}: {}", name, load.tally());
        assertThat(load.tally().cut).as("%s", load.tally()).hasValue(0);
        assertThat(load.tally().errors).isEmpty();
      }
    } finally {
      for (ServerProcess server : servers) {
        server.close();
      }
    }
  }

  private static ServerProcess server(int i, int metricsPort, Path directory, String peers) {
    return new ServerProcess(
        "server-" + i,
        metricsPort,
        directory,
        List.of(
            "vachub.rebalance.peers=" + peers,
            "vachub.handoff.max-stream-age=3m",
            "vachub.streams.max-active=" + (i == 0 ? STREAMS : MAX_ACTIVE)));
  }

  /** Lets the balancer and the other servers know of this many. */
  private void join(Haproxy haproxy, Path directory, int joined) throws IOException {
    StringBuilder hosts = new StringBuilder("127.0.0.1 localhost\n");
    for (int i = 0; i < joined; i++) {
      hosts.append("127.0.0.1 pod-").append(i).append('\n');
    }
    Files.writeString(directory.resolve("hosts"), hosts);
    haproxy.use(servers.get(joined - 1), true);
  }

  private void record(String phase, Duration time) {
    long end = System.nanoTime() + time.toNanos();
    await()
        .atMost(time.plusMinutes(1))
        .pollInterval(SAMPLE)
        .until(
            () -> {
              sample(phase);
              return System.nanoTime() - end >= 0;
            });
  }

  private void sample(String phase) throws IOException {
    int joined = Integer.parseInt(phase.substring(0, 1));
    double[] open = servers.stream().limit(joined).mapToDouble(BalanceIT::open).toArray();
    double moved = moved();
    Files.writeString(
        curve,
        String.format(
            Locale.ROOT,
            "%.0f,%s,%s,%.2f,%.0f%n",
            (System.nanoTime() - begin) / 1e9,
            phase,
            Arrays.stream(open)
                .mapToObj(it -> "%.0f".formatted(it))
                .collect(Collectors.joining(" ")),
            Arrays.stream(open).max().orElse(0) / Arrays.stream(open).average().orElse(1),
            (moved - movedBefore) * 60 / SAMPLE.toSeconds()),
        StandardOpenOption.APPEND);
    movedBefore = moved;
  }

  private double moved() {
    return servers.stream().mapToDouble(it -> it.sum("vachub_streams_handed_off_total")).sum();
  }

  private static double open(ServerProcess server) {
    return server.metric("grpc_server_active_streams").orElse(0);
  }
}
