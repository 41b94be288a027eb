package io.vachub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.vachub.client.ClientProgram;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The clients that the READMEs show run. */
class ReadmeTest {

  private final String front = Pages.read(Path.of("README.md"));
  private final String contract = Pages.read(Path.of("proto/README.md"));

  @Test
  void thePythonClientOfTheFrontPagePrintsTheCount() throws Exception {
    try (TestServer server = TestServer.start()) {
      assertThat(runPython(server, blocks(front, "python").get(0))).isEqualTo("10\n");
    }
  }

  @Test
  void thePythonClientOfTheContractGoesOnAfterEachHandoff() throws Exception {
    try (TestServer server = TestServer.start("vachub.handoff.max-stream-age=500ms")) {
      String slowly =
          blocks(contract, "python")
              .get(0)
              .replace("range(10_000):", "range(1_000):\n        time.sleep(0.002)");
      String printed =
          run(
              ClientProgram.PYTHON.program(
                  List.of("python3", "-c", "import time\n" + at(server, slowly))));
      assertThat(printed).startsWith("1000 ").contains("'age': ", "'completed': 1");
      assertProcessedOnce(server, 1_000);
    }
  }

  @Test
  void theJavaClientOfTheContractGoesOnAfterEachHandoff() throws Exception {
    String source = Pages.read(Path.of("src/test/java/io/vachub/HandoffClient.java"));
    assertThat(blocks(contract, "java"))
        .isNotEmpty()
        .allSatisfy(shown -> assertThat(source).contains(shown));
    try (TestServer server = TestServer.start("vachub.handoff.max-stream-age=100ms")) {
      List<String> texts = IntStream.range(0, 100_000).mapToObj(i -> "hello " + i).toList();
      assertThat(HandoffClient.send(texts, server::channel)).isEqualTo(texts.size());
      assertProcessedOnce(server, texts.size());
    }
  }

  @Test
  void theLineThatMakesAnRpcHandOffIsThatOfTheStreamer() {
    String streamer = Pages.read(Path.of("src/main/java/io/vachub/streamer/StreamerService.java"));
    assertThat(blocks(front, "java"))
        .hasSize(1)
        .allSatisfy(shown -> assertThat(streamer).contains(shown));
  }

  private static void assertProcessedOnce(TestServer server, int messages) {
    assertThat(server.metric("app_message_processed_count_total")).isEqualTo(messages);
    assertThat(server.metric("vachub_streams_handed_off_total{client=\"accepts\",reason=\"age\"}"))
        .isPositive();
    assertThat(server.metric("vachub_streams_cut_total")).isZero();
  }

  /** What a Python client that is shown prints. */
  private static String runPython(TestServer server, String script)
      throws IOException, InterruptedException {
    assumeThat(new ProcessBuilder("python3", "-c", "import grpc_tools").start().waitFor())
        .as("Python with grpcio-tools (pip install grpcio grpcio-tools)")
        .isZero();
    return run(new ProcessBuilder("python3", "-c", at(server, script)));
  }

  private static String at(TestServer server, String script) {
    return script.replace("localhost:50051", "localhost:" + server.grpcPort());
  }

  private static String run(ProcessBuilder program) throws IOException, InterruptedException {
    Process client = program.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String output = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(client.waitFor()).isZero();
    return output;
  }

  private static List<String> blocks(String page, String language) {
    return Pattern.compile("^```" + language + "\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL)
        .matcher(page)
        .results()
        .map(block -> block.group(1))
        .toList();
  }
}
