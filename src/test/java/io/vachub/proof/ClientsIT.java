package io.vachub.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.vachub.client.ClientLoad;
import io.vachub.client.ClientLoad.Account;
import io.vachub.client.ClientProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.opentest4j.TestAbortedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clients of proto/clients, all of them at a time, on three servers that hand off by age and
 * for balance, are restarted one after another, while two of them are killed. What the clients say
 * is compared with what the servers processed, message by message.
 */
class ClientsIT {

  private static final Logger log = LoggerFactory.getLogger(ClientsIT.class);

  private static final int ROUNDS = Proof.times(1, 10);
  private static final int KILLS = 2;
  private static final int SERVERS = 3;
  private static final int CLIENTS = 4;

  private static final Map<ClientProgram, List<Account>> ACCOUNTS =
      new EnumMap<>(ClientProgram.class);

  private static List<ServerProcess> servers = List.of();
  private static Map<String, List<Integer>> processed;
  private static double cut;

  @BeforeAll
  static void runThemAll() throws IOException, InterruptedException {
    Haproxy.assumeInstalled();
    Path directory = Proof.directory("clients");
    startServers(directory);
    Map<ClientProgram, ClientLoad> loads = new EnumMap<>(ClientProgram.class);
    try (Haproxy haproxy = Haproxy.start("roundrobin", servers, directory)) {
      for (ClientProgram program : ClientProgram.values()) {
        try {
          loads.put(program, ClientLoad.start(program, CLIENTS, haproxy.port(), directory));
        } catch (TestAbortedException e) {
          log.info("{}", e.getMessage());
        }
      }
      int streams = loads.size() * ClientLoad.RPCS.size() * CLIENTS;
      for (int i = 0; i < ROUNDS; i++) {
        for (int server = 0; server < SERVERS; server++) {
          awaitSpread(streams);
          restart(servers.get(server), server < KILLS ? servers.get(server + 1) : null);
        }
      }
      awaitSpread(streams);
      for (Map.Entry<ClientProgram, ClientLoad> load : loads.entrySet()) {
        ACCOUNTS.put(load.getKey(), load.getValue().finish());
      }
      for (ServerProcess server : servers) {
        await().until(() -> server.metric("grpc_server_active_streams").orElse(-1) == 0);
        cut += server.sum("vachub_streams_cut_total");
      }
    } finally {
      loads.values().forEach(ClientLoad::close);
    }
    processed = new Ledger(directory).read();
  }

  @AfterAll
  static void stopServers() throws InterruptedException {
    for (ServerProcess server : servers) {
      server.close();
    }
  }

  private static void startServers(Path directory) {
    int[] metricsPorts = IntStream.range(0, SERVERS).map(i -> ServerProcess.freePort()).toArray();
    String peers =
        IntStream.of(metricsPorts)
            .mapToObj(port -> "127.0.0.1:" + port)
            .collect(Collectors.joining(","));
    servers =
        IntStream.range(0, SERVERS)
            .mapToObj(
                i ->
                    new ServerProcess(
                        "server-" + i,
                        metricsPorts[i],
                        directory,
                        List.of(
                            "vachub.handoff.max-stream-age=5s",
                            "vachub.rebalance.peers=" + peers,
                            "vachub.rebalance.interval=500ms",
                            "vachub.rebalance.window=1s",
                            "vachub.rebalance.min-stream-age=1s",
                            "vachub.drain.quiet-period=1s",
                            "vachub.drain.spread=1s",
                            "vachub.drain.scrape-wait=0s")))
            .toList();
    servers.forEach(ServerProcess::start);
    servers.forEach(ServerProcess::awaitReady);
  }

  /** Stops one by SIGTERM, kills the other if there is one while all streams are elsewhere. */
  private static void restart(ServerProcess stopped, ServerProcess killed)
      throws InterruptedException {
    cut += stopped.sum("vachub_streams_cut_total");
    stopped.terminate();
    assertThat(stopped.exitCode()).isZero();
    stopped.start();
    if (killed != null) {
      cut += killed.sum("vachub_streams_cut_total");
      killed.kill();
      killed.start().awaitReady();
    }
    stopped.awaitReady();
  }

  /** Until all streams are open, and each server has some. */
  private static void awaitSpread(int streams) {
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              List<Double> open =
                  servers.stream()
                      .map(server -> server.metric("grpc_server_active_streams").orElse(0))
                      .toList();
              return Collections.min(open) > streams / (2.0 * SERVERS)
                  && open.stream().mapToDouble(Double::doubleValue).sum() >= streams * 0.9;
            });
  }

  @ParameterizedTest
  @EnumSource
  void agreesWithTheServersToTheMessage(ClientProgram program) {
    List<Account> accounts = ACCOUNTS.getOrDefault(program, List.of());
    assumeThat(accounts).as("%s ran", program).isNotEmpty();
    log.info("{}: {}", program, summary(accounts));
    assertThat(accounts).hasSize(CLIENTS * ClientLoad.RPCS.size());
    assertThat(accounts).allSatisfy(ClientsIT::agrees);
  }

  /** Each message was processed once, but for those that the client names. */
  private static void agrees(Account account) {
    List<Integer> seen = processed.get(account.client());
    assertThat(seen).as(account.client()).isNotNull();
    Set<Integer> unknown = new HashSet<>(account.unknown());
    Map<Integer, Long> times =
        seen.stream().collect(Collectors.groupingBy(number -> number, Collectors.counting()));
    int lost = 0;
    for (int number = 1; number <= account.sent(); number++) {
      long processedTimes = times.getOrDefault(number, 0L);
      if (!unknown.contains(number)) {
        assertThat(processedTimes).as("%s %d", account.client(), number).isEqualTo(1);
      } else if (account.acknowledged()) {
        int again = Collections.frequency(account.unknown(), number);
        assertThat(processedTimes).as("%s %d", account.client(), number).isBetween(1L, 1L + again);
      } else {
        assertThat(processedTimes).as("%s %d", account.client(), number).isBetween(0L, 1L);
        lost++;
      }
    }
    assertThat(times).hasSizeLessThanOrEqualTo(account.sent());
    assertThat(account.counted()).isEqualTo(account.sent() - lost);
  }

  private static String summary(List<Account> accounts) {
    Map<String, Integer> ends =
        accounts.stream()
            .flatMap(account -> account.ends().entrySet().stream())
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, Integer::sum));
    return "%d messages, %d unknown, streams %s"
        .formatted(
            accounts.stream().mapToInt(Account::sent).sum(),
            accounts.stream().mapToInt(account -> account.unknown().size()).sum(),
            ends);
  }

  @Test
  void theServersSayThatTheyCutNothing() {
    assertThat(cut).isZero();
  }

  @Test
  void theirStreamsEndedInEachWayThereIs() {
    assertThat(ACCOUNTS.values().stream().flatMap(List::stream))
        .flatMap(account -> account.ends().keySet())
        .contains("age", "drain", "refused", "cut", "completed");
  }
}
