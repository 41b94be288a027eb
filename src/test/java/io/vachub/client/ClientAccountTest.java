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
      if (program == ClientProgram.PYTHON_AIO
          && accounts.stream().anyMatch(account -> !account.unknown().isEmpty())) {
        // Where grpc.aio lost a status, the client says what it does not know, and that is all.
        return;
      }
      assertThat(accounts)
          .allSatisfy(
              account -> {
                assertThat(account.unknown()).isEmpty();
                assertThat(account.ends()).containsOnlyKeys("age", "completed");
              });
      assertThat(server.metric("app_message_processed_count_total"))
          .isEqualTo(sum(accounts, Account::counted));
      assertThat(handedOff(server)).isEqualTo(sum(accounts, account -> account.ends().get("age")));
      assertThat(server.metric("vachub_streams_ended_total{ending=\"completed\"}"))
          .isEqualTo(sum(accounts, account -> account.ends().get("completed")));
    }
  }

  private static double handedOff(TestServer server) {
    return server.metric("vachub_streams_handed_off_total{client=\"accepts\",reason=\"age\"}");
  }

  private static int sum(List<Account> accounts, ToIntFunction<Account> part) {
    return accounts.stream().mapToInt(part).sum();
  }
}
