package io.vachub.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vachub.TestServer;
import io.vachub.client.ClientLoad.Account;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The account of each client agrees with the server's counters. */
class ClientAccountTest {

  private static final int CLIENTS = 4;
  private static final int STREAMS_EACH = 3;

  @ParameterizedTest
  @EnumSource
  void agreesWithTheServersCounters(ClientProgram program, @TempDir Path directory)
      throws Exception {
    try (TestServer server = TestServer.start("vachub.handoff.max-stream-age=300ms");
        ClientLoad load = ClientLoad.start(program, CLIENTS, server.grpcPort(), directory)) {
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> handedOff(server) >= CLIENTS * ClientLoad.RPCS.size() * STREAMS_EACH);
      List<Account> accounts = load.finish();

      assertThat(accounts).hasSize(CLIENTS * ClientLoad.RPCS.size());
      assertThat(accounts)
          .allSatisfy(account -> assertThat(account.counted()).isEqualTo(account.sent()));
      assertThat(accounts)
          .allSatisfy(
              account -> {
                assertThat(account.unknown()).isEmpty();
                // The last stream may be handed off just as its client is done.
                assertThat(account.ends().keySet()).isSubsetOf("age", "completed");
              });
      assertThat(server.metric("app_message_processed_count_total"))
          .isEqualTo(sum(accounts, Account::counted));
      assertThat(handedOff(server))
          .isEqualTo(sum(accounts, account -> account.ends().getOrDefault("age", 0)));
      assertThat(server.metric("vachub_streams_ended_total{ending=\"completed\"}"))
          .isEqualTo(sum(accounts, account -> account.ends().getOrDefault("completed", 0)));
    }
  }

  private static double handedOff(TestServer server) {
    return server.metric("vachub_streams_handed_off_total{client=\"accepts\",reason=\"age\"}");
  }

  private static int sum(List<Account> accounts, ToIntFunction<Account> part) {
    return accounts.stream().mapToInt(part).sum();
  }
}
