package io.vachub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;

/**
 * What cannot work stops the start with one sentence: the property, its value, what was expected.
 */
@CapturesOutput
class InvalidSettingsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          vachub.streams.max-active=-1|vachub.streams.max-active: -1 (expected: 0 for no limit, or more)
          vachub.streams.target=-1|vachub.streams.target: -1 (expected: 0 for none, or more)
          grpc.server.max-connection-age=-1s|grpc.server.max-connection-age: -1s (expected: more than 0)
          grpc.server.max-connection-age-grace=0|grpc.server.max-connection-age-grace: 0 (expected: more than 0)
          grpc.server.max-connection-age-grace=3s|grpc.server.max-connection-age-grace: 3s (expected: more than vachub.handoff.margin, 5s)
          grpc.server.max-connection-idle=-5m|grpc.server.max-connection-idle: -5m (expected: more than 0)
          grpc.server.keep-alive-time=0|grpc.server.keep-alive-time: 0 (expected: more than 0)
          vachub.handoff.max-stream-age=-1m|vachub.handoff.max-stream-age: -1m (expected: 0 for no limit, or more)
          vachub.handoff.margin=-1s|vachub.handoff.margin: -1s (expected: 0 or more)
          vachub.rebalance.tolerance=-0.5|vachub.rebalance.tolerance: -0.5 (expected: 0 or more, such as 0.1 for 10 %)
          vachub.rebalance.interval=0|vachub.rebalance.interval: 0 (expected: more than 0)
          vachub.rebalance.window=1s|vachub.rebalance.window: 1s (expected: at least vachub.rebalance.interval)
          vachub.rebalance.min-stream-age=-1s|vachub.rebalance.min-stream-age: -1s (expected: 0 or more)
          vachub.rebalance.peers=nowhere|vachub.rebalance.peers: nowhere (expected: host:port, or several separated by commas)
          vachub.rebalance.peers=a:1,b:x|vachub.rebalance.peers: a:1,b:x (expected: host:port, or several separated by commas)
          vachub.drain.quiet-period=-1s|vachub.drain.quiet-period: -1s (expected: 0 or more)
          vachub.drain.spread=30s|grpc.server.shutdown-grace-period: 5s (expected: at least vachub.drain.quiet-period + vachub.drain.spread, 30s)
          vachub.server.max-rst-frames-per-window=0|vachub.server.max-rst-frames-per-window: 0 (expected: 1 or more)
          vachub.server.max-rst-frames-per-window=400|vachub.server.max-rst-frames-per-window: 400 (expected: at least twice vachub.server.max-concurrent-calls-per-connection, 2000, because clients answer each handoff with a reset)
          vachub.server.rst-window=10ms|vachub.server.rst-window: 10ms (expected: 1s or more, in whole seconds)
          vachub.server.rst-window=1500ms|vachub.server.rst-window: 1500ms (expected: 1s or more, in whole seconds)
          vachub.handoff.max-stream-age=600|vachub.handoff.max-stream-age: 600 (expected: a duration with a unit, such as 10m, 30s or 500ms)
          vachub.handoff.max-stream-age=${minutes:10}|vachub.handoff.max-stream-age: 10 (expected: a duration with a unit, such as 10m, 30s or 500ms)
          grpc.server.max-connection-age=600|grpc.server.max-connection-age: 600 (expected: a duration with a unit, such as 10m, 30s or 500ms)
          vachub.tls.reload-interval=10|vachub.tls.reload-interval: 10 (expected: a duration with a unit, such as 10m, 30s or 500ms)
          grpc.server.max-inbound-message-size=4|grpc.server.max-inbound-message-size: 4 (expected: a size with a unit, such as 4MB)
          otel.propagators=pigeon|Unrecognized value for otel.propagators: pigeon.
          otel.traces.sampler=sometimes|Unrecognized value for otel.traces.sampler: sometimes
          vachub.server.handshake-timeout=0|vachub.server.handshake-timeout: 0 (expected: more than 0)
          vachub.server.max-concurrent-calls-per-connection=0|vachub.server.max-concurrent-calls-per-connection: 0 (expected: 1 or more)
          vachub.server.handshake-timeout=soon|vachub.server.handshake-timeout: soon (expected: a duration, such as 10m, 30s or 500ms)
          grpc.server.port=70000|grpc.server.port: 70000 (expected: a port up to 65535, or 0 for a free one)
          vachub.handoff.max-stream-age=soon|vachub.handoff.max-stream-age: soon (expected: a duration, such as 10m, 30s or 500ms)
          vachub.streams.max-active=many|vachub.streams.max-active: many (expected: a whole number)
          vachub.handoff.enabled=perhaps|vachub.handoff.enabled: perhaps (expected: true or false)
          grpc.server.max-inbound-message-size=big|grpc.server.max-inbound-message-size: big (expected: a size, such as 4MB)
          grpc.server.max-inbound-message-size=-2|grpc.server.max-inbound-message-size: -2 (expected: 1B to 2047MB)
          grpc.server.max-inbound-message-size=3GB|grpc.server.max-inbound-message-size: 3GB (expected: 1B to 2047MB)
          grpc.server.max-inbound-metadata-size=0|grpc.server.max-inbound-metadata-size: 0 (expected: 1B to 2047MB)
          grpc.server.permit-keep-alive-time=-1s|grpc.server.permit-keep-alive-time: -1s (expected: 0 or more)
          grpc.server.max-connection-age=999999d|grpc.server.max-connection-age: 999999d (expected: at most 3650d)
          vachub.handoff.max-stream-age=999999d|vachub.handoff.max-stream-age: 999999d (expected: at most 3650d)
          grpc.server.reflection-service-enabled=perhaps|grpc.server.reflection-service-enabled: perhaps (expected: true or false)
          vachub.server.executor=fast|vachub.server.executor: fast (expected: direct or pool)
          vachub.rebalance.peers=:9464|vachub.rebalance.peers: :9464 (expected: host:port, or several separated by commas)
          vachub.tls.private-key=key.pem|vachub.tls.certificate:  (expected: the certificate of vachub.tls.private-key)
          vachub.tls.certificate=cert.pem|vachub.tls.private-key:  (expected: the private key of vachub.tls.certificate)
          """)
  void stopsTheStart(String setting, String sentence, CapturedOutput output) {
    assertThat(catchThrowable(() -> TestServer.start(setting).close())).isNotNull();
    says(output, sentence);
    assertThat(output).doesNotContain("\tat ");
  }

  @Test
  void aTargetAboveTheLimitStopsTheStart(CapturedOutput output) {
    assertThat(
            catchThrowable(
                () ->
                    TestServer.start("vachub.streams.max-active=4", "vachub.streams.target=5")
                        .close()))
        .isNotNull();
    says(output, "vachub.streams.target: 5 (expected: at most vachub.streams.max-active, 4)");
  }

  @Test
  void anUnreadableKeyStopsTheStart(@TempDir Path directory, CapturedOutput output)
      throws IOException {
    Path certificate = Files.writeString(directory.resolve("tls.crt"), "not a certificate");
    assertThat(
            catchThrowable(
                () ->
                    TestServer.start(
                            "vachub.tls.certificate=" + certificate,
                            "vachub.tls.private-key=" + directory.resolve("missing.key"))
                        .close()))
        .isNotNull();
    says(
        output,
        "vachub.tls.private-key: "
            + directory.resolve("missing.key")
            + " (expected: a readable PEM file)");
  }

  @Test
  void aPortInUseStopsTheStart(CapturedOutput output) throws IOException {
    try (ServerSocket taken = new ServerSocket(0)) {
      int port = taken.getLocalPort();
      assertThat(catchThrowable(() -> TestServer.start("grpc.server.port=" + port).close()))
          .isNotNull();
      says(
          output, "grpc.server.port: " + port + " (expected: a free port; Address already in use)");
    }
  }

  /** The log is written by a thread of its own. */
  private static void says(CapturedOutput output, String sentence) {
    await().untilAsserted(() -> assertThat(output).contains(sentence));
  }
}
