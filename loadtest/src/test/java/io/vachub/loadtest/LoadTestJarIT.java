package io.vachub.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadTestJarIT {

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM"})
  void aSignalEndsAnEndlessLoadWellAndStillReports(String signal) throws Exception {
    Path json = directory.resolve("report.json");
    try (StreamerServer server = StreamerServer.start("pod-a");
        LoadTestProcess load =
            LoadTestProcess.start(
                directory,
                "load",
                List.of(
                    "run",
                    server.address(),
                    "--plaintext",
                    "--streams=5",
                    "--rate=50",
                    "--duration=0",
                    "--json=" + json))) {
      await().atMost(30, TimeUnit.SECONDS).until(() -> server.processed() > 100);

      load.signal(signal);

      assertThat(load.exitCode()).isZero();
      assertThat(load.err()).isEmpty();
      JsonObject account = LoadTestProcess.json(json).getAsJsonObject("account");
      assertThat(account.get("processed").getAsLong()).isEqualTo(server.processed());
      assertThat(account.get("sent").getAsLong()).isEqualTo(server.processed());
      assertThat(load.out()).contains("messages   sent");
    }
  }

  @Test
  void anAssertionThatFailsCanBeToldFromASetupError() throws Exception {
    try (StreamerServer server = StreamerServer.start("pod-a");
        LoadTestProcess failing =
            LoadTestProcess.start(
                directory,
                "failing",
                List.of(
                    "run", server.address(), "--plaintext", "--duration=1s", "--assert=sent<1"));
        LoadTestProcess refused =
            LoadTestProcess.start(directory, "bad", List.of("run", server.address()))) {
      assertThat(failing.exitCode()).isEqualTo(3);
      assertThat(failing.err()).startsWith("assertion failed: sent<1: ").hasLineCount(1);
      assertThat(refused.exitCode()).isEqualTo(2);
      assertThat(refused.err()).contains("does not use TLS").hasLineCount(1);
    }
  }

  @Test
  void knowsItsVersion() throws Exception {
    try (LoadTestProcess version =
        LoadTestProcess.start(directory, "version", List.of("--version"))) {
      assertThat(version.exitCode()).isZero();
      assertThat(version.out()).matches("vac-hub-loadtest \\d+\\.\\d+\\.\\d+\\S*\\R");
    }
  }
}
