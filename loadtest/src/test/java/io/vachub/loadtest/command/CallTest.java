package io.vachub.loadtest.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.grpc.Status;
import io.vachub.loadtest.ForeignServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Loads a service that knows nothing of vac-hub. */
class CallTest {

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"One", "Collect", "Watch", "Chat"})
  void everyKindOfCallIsLoadedByReflection(String method) throws Exception {
    try (ForeignServer server = ForeignServer.start()) {
      CommandLineResult result = run(server, method, "--data={\"text\": \"no {{n}}\"}");

      assertThat(result.err()).isEmpty();
      assertThat(result.exitCode()).isZero();
      JsonObject report = report();
      JsonObject account = report.getAsJsonObject("account");
      assertThat(account.get("sent").getAsLong()).isEqualTo(server.orders()).isPositive();
      assertThat(account.get("answered").getAsLong()).isEqualTo(server.orders());
      assertThat(account.has("lost")).isFalse();
      assertThat(report.getAsJsonObject("load").get("rpc").getAsString())
          .isEqualTo("demo.Shop/" + method);
      assertThat(report.getAsJsonObject("balance").get("pods").getAsInt()).isEqualTo(1);
      assertThat(server.texts()).contains("no 000000000000", "no 000000000001");
      assertThat(result.out())
          .contains("demo.Shop/" + method, "answered")
          .doesNotContain("doubled", "processed");
      long waits =
          report
              .getAsJsonObject("timings")
              .getAsJsonObject("response_time")
              .get("count")
              .getAsLong();
      assertThat(waits).isEqualTo(method.equals("Collect") ? 0 : server.orders());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Collect", "Chat"})
  void aCountFieldMakesTheAccountExact(String method) throws Exception {
    try (ForeignServer server = ForeignServer.start()) {
      CommandLineResult result = run(server, method, "--count-field=total.orders");

      assertThat(result.err()).isEmpty();
      JsonObject account = report().getAsJsonObject("account");
      assertThat(account.get("processed").getAsLong()).isEqualTo(server.orders()).isPositive();
      assertThat(account.get("lost").getAsLong()).isZero();
    }
  }

  @Test
  void aServiceWithoutReflectionIsKnownByAFile() throws Exception {
    try (ForeignServer server = ForeignServer.startWithoutReflection()) {
      CommandLineResult without = run(server, "Chat");
      assertThat(without.exitCode()).isEqualTo(2);
      assertThat(without.err())
          .isEqualToIgnoringNewLines(
              server.address()
                  + ": has no reflection (expected: server reflection, or --protoset FILE, or"
                  + " --proto FILE)");

      Path protoset = server.writeProtoset(directory);
      assertThat(run(server, "Chat", "--protoset=" + protoset).err()).isEmpty();
      Path proto = ForeignServer.writeProto(directory);
      assertThat(run(server, "Collect", "--proto=" + proto).err()).isEmpty();
      assertThat(run(server, "One", "--proto=" + proto, "--import-path=" + directory).err())
          .isEmpty();
    }
  }

  @Test
  void aTokenComesFromAFile() throws Exception {
    try (ForeignServer server = ForeignServer.startWithToken("Bearer s3cret")) {
      Path file = Files.writeString(directory.resolve("token"), "Authorization: Bearer s3cret\n");

      assertThat(run(server, "One", "--header=@" + file).err()).isEmpty();
      assertThat(run(server, "One", "--header", "authorization: Bearer s3cret").err()).isEmpty();
      CommandLineResult refused = run(server, "One", "--header=authorization: wrong");
      assertThat(refused.exitCode()).isEqualTo(2);
      assertThat(refused.err())
          .contains("does not serve demo.Shop/One: UNAUTHENTICATED: no token")
          .doesNotContain("wrong");
    }
  }

  @Test
  void callsThatFailAreUnknownAndSaidInTheServersWords() throws Exception {
    try (ForeignServer server = ForeignServer.start()) {
      server.failWith(Status.INTERNAL.withDescription("out of stock"));
      CommandLineResult result = run(server, "One");

      assertThat(result.exitCode()).isEqualTo(3);
      assertThat(result.err()).contains("answered with an error", "out of stock");
      assertThat(result.out()).contains("INTERNAL: out of stock");
      JsonObject account = report().getAsJsonObject("account");
      assertThat(account.get("unknown").getAsLong()).isEqualTo(account.get("sent").getAsLong());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"One", "Watch"})
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void callsAtFullSpeedRestWhileThereIsNoServer(String method) throws Exception {
    try (ForeignServer server = ForeignServer.start()) {
      CompletableFuture<Void> killing =
          CompletableFuture.runAsync(
              () -> {
                await().until(() -> server.orders() > 10);
                server.close();
              });
      CommandLineResult result =
          CommandLineResult.of(
              "run",
              server.address(),
              "--plaintext",
              "--call=demo.Shop/" + method,
              "--streams=3",
              "--rate=max",
              "--duration=3s",
              "--quiet",
              "--json=" + directory.resolve("report.json"));
      killing.join();

      assertThat(result.exitCode()).isEqualTo(3);
      long failed = report().getAsJsonObject("reconnects").get("connect").getAsLong();
      assertThat(failed).isBetween(1L, 1_000L);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--call=demo.Shop/Sell | --call: demo.Shop/Sell (expected: a method of demo.Shop: One,"
            + " Collect, Watch, Chat)",
        "--call=demo.Bank/One | --call: demo.Bank (expected: a service of ADDRESS: demo.Shop)",
        "--call=demo | --call: demo (expected: SERVICE/METHOD, such as my.package.Service/Method)",
        "--count-field=total.sum | --count-field: total.sum (expected: a field of demo.Receipt with"
            + " a whole number)",
        "--protoset=missing | --protoset: missing (expected: a file made by protoc"
            + " --include_imports --descriptor_set_out)",
        "--proto=missing | --proto: missing (expected: a readable file)",
        "--rpc=process | --rpc, --message-size: together with --call (expected: --data for its"
            + " messages)",
        "--data=@missing | --data: @missing (expected: @ and a readable text file)",
        "--header=x | --header: no name (expected: NAME: VALUE, in base64 where NAME ends in -bin)",
        "--header=x-bin: ! | --header: x-bin (expected: NAME: VALUE, in base64 where NAME ends in"
            + " -bin)",
      })
  void aMistakeIsSaidWithWhatThereIs(String option, String sentence) throws Exception {
    try (ForeignServer server = ForeignServer.start()) {
      CommandLineResult result = run(server, "One", option);

      assertThat(result.exitCode()).isEqualTo(2);
      assertThat(result.err())
          .isEqualToIgnoringNewLines(sentence.replace("ADDRESS", server.address()));
    }
  }

  @Test
  void aFieldThatIsNotThereIsSaidBeforeTheLoad() throws Exception {
    try (ForeignServer server = ForeignServer.start()) {
      CommandLineResult result = run(server, "One", "--data={\"txt\": 1}");

      assertThat(result.exitCode()).isEqualTo(2);
      assertThat(result.err())
          .startsWith("--data: {\"txt\": 1} (expected: JSON of demo.Order: ")
          .hasLineCount(1);
      assertThat(server.orders()).isZero();
    }
  }

  private CommandLineResult run(ForeignServer server, String method, String... options) {
    List<String> args =
        new ArrayList<>(
            List.of("run", server.address(), "--plaintext", "--streams=3", "--rate=20", "--quiet"));
    args.add("--duration=1500ms");
    args.add("--json=" + directory.resolve("report.json"));
    args.addAll(List.of(options));
    if (args.stream().noneMatch(arg -> arg.startsWith("--call"))) {
      args.add("--call=demo.Shop/" + method);
    }
    return CommandLineResult.of(args.toArray(String[]::new));
  }

  private JsonObject report() throws Exception {
    return JsonParser.parseString(Files.readString(directory.resolve("report.json")))
        .getAsJsonObject();
  }
}
