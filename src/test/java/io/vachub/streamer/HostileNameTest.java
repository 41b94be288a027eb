package io.vachub.streamer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vachub.CapturesOutput;
import io.vachub.TestServer;
import io.vachub.TestStream;
import io.vachub.proto.StreamerGrpc;
import io.vachub.proto.TextRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;

/** Clients whose names are to harm the log, the terminal or the heap. */
@CapturesOutput
class HostileNameTest {

  private static TestServer server;

  @BeforeAll
  static void start() {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static void streamAs(String client) {
    assertThat(
            TestStream.open(server.channel(), StreamerGrpc.getProcessTextStreamMethod())
                .send(TextRequest.newBuilder().setClientId(client).build())
                .halfClose()
                .end()
                .status()
                .isOk())
        .isTrue();
  }

  private static void logs(CapturedOutput output, String name) {
    await()
        .untilAsserted(
            () ->
                assertThat(output)
                    .contains("[Client: " + name + ", Channel: 0] Stream opened.")
                    .contains("[Client: " + name + ", Channel: 0] Stream completed after 1 mess"));
  }

  @ParameterizedTest
  @CsvSource({
    "'a\n2026-11-25T00:00:00Z ERROR forged', a?2026-11-25T00:00:00Z ERROR forged",
    "'a\r\nb', a??b",
    "'\u001b]0;owned\u0007\u001b[2J', ?]0;owned??[2J",
    "'a\u2028b\u202Ec\u0085d', a?b?c?d",
    "홍길동-7, 홍길동-7",
    "'', unknown",
    "'   ', unknown"
  })
  void areLoggedOnOneLineAsWhatCanBePrinted(String client, String name, CapturedOutput output) {
    streamAs(client);

    logs(output, name);
    assertThat(output).doesNotContain("\u001b").doesNotContain("\n2026-11-25T00:00:00Z ERROR");
  }

  @Test
  void areCutOnArrival(CapturedOutput output) {
    streamAs("x".repeat(3_500_000));

    logs(output, "x".repeat(ClientName.MAX_LENGTH) + "…");
    assertThat(output.toString().lines()).allMatch(line -> line.length() < 1_000);
  }

  @Test
  void areNotCutWithinACharacter(CapturedOutput output) {
    streamAs("😀".repeat(200));

    logs(output, "😀".repeat(ClientName.MAX_LENGTH) + "…");
  }
}
