package io.vachub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.vachub.proto.StreamerGrpc;
import io.vachub.proto.TextRequest;
import io.vachub.proto.TextResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A log that nobody reads: the streams go on, and what is lost of it is counted. */
class LostLinesIT {

  private static final Pattern LOST =
      Pattern.compile("(?m)^vachub_log_lines_lost_total\\{reason=\"queue_full\"} (\\S+)$");

  @Test
  void areCountedAndStreamsDoNotWait() throws Exception {
    Process service =
        new ProcessBuilder(
                Jdk.command("java"),
                "-jar",
                PackagedJar.path().toString(),
                "--grpc.server.port=0",
                "--server.port=0")
            .redirectErrorStream(true)
            .start();
    try (BufferedReader log = service.inputReader()) {
      int httpPort = 0;
      int grpcPort = 0;
      while (httpPort == 0 || grpcPort == 0) {
        String line = log.readLine();
        assertThat(line).as("the log goes on").isNotNull();
        httpPort = port(StartedJar.HTTP_PORT, line, httpPort);
        grpcPort = port(StartedJar.GRPC_PORT, line, grpcPort);
      }
      int page = httpPort;
      // From here on nobody reads.
      ManagedChannel channel =
          ManagedChannelBuilder.forAddress("localhost", grpcPort).usePlaintext().build();
      List<TestStream<TextRequest, TextResponse>> streams = new ArrayList<>();
      for (int i = 0; i < 6_000; i++) {
        streams.add(
            TestStream.open(channel, StreamerGrpc.getProcessTextStreamMethod())
                .send(TextRequest.getDefaultInstance())
                .halfClose());
      }
      assertThat(streams).allMatch(stream -> stream.end().status().isOk());
      await().until(() -> lost(page) > 0);
      channel.shutdownNow();
    } finally {
      service.destroyForcibly().waitFor();
    }
  }

  private static int port(Pattern pattern, String line, int known) {
    Matcher port = pattern.matcher(line);
    return port.find() ? Integer.parseInt(port.group(1)) : known;
  }

  private static double lost(int port) throws IOException, InterruptedException {
    URI page = URI.create("http://localhost:" + port + "/actuator/prometheus");
    Matcher line =
        LOST.matcher(
            HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString())
                .body());
    assertThat(line.find()).isTrue();
    return Double.parseDouble(line.group(1));
  }
}
