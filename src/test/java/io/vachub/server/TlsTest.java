package io.vachub.server;

import static io.vachub.TestServer.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.TlsChannelCredentials;
import io.vachub.CapturesOutput;
import io.vachub.TestServer;
import io.vachub.TestStream;
import io.vachub.proto.StreamerGrpc;
import io.vachub.proto.TextRequest;
import io.vachub.proto.TextResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;

/** Certificates are made by openssl, as the guide makes them. */
@CapturesOutput
class TlsTest {

  @TempDir private Path directory;
  private final List<ManagedChannel> channels = new ArrayList<>();

  @AfterEach
  void close() {
    channels.forEach(ManagedChannel::shutdownNow);
  }

  private TestServer start(String... more) {
    return TestServer.startWithTls(directory, more);
  }

  private void certificate(String name) {
    new OpenSsl(directory).certificate(name);
  }

  private void replace(String name, String by) throws IOException {
    for (String suffix : List.of(".crt", ".key")) {
      Files.move(
          directory.resolve(by + suffix),
          directory.resolve(name + suffix),
          StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private TestStream<TextRequest, TextResponse> stream(
      TestServer server, ChannelCredentials credentials) {
    ManagedChannel channel =
        Grpc.newChannelBuilderForAddress("localhost", server.grpcPort(), credentials)
            .overrideAuthority("grpc.example.com")
            .build();
    channels.add(channel);
    return TestStream.open(channel, StreamerGrpc.getAcknowledgeTextStreamMethod())
        .send(request("a", 1));
  }

  private TlsChannelCredentials.Builder trusting(String certificate) throws IOException {
    return TlsChannelCredentials.newBuilder().trustManager(directory.resolve(certificate).toFile());
  }

  private static void isServed(TestStream<TextRequest, TextResponse> stream) {
    await().atMost(20, TimeUnit.SECONDS).until(() -> stream.answers().size() >= 1);
  }

  @Test
  void changedFilesAreSeenByNewConnectionsAndOpenStreamsLive() throws IOException {
    certificate("tls");
    Files.copy(directory.resolve("tls.crt"), directory.resolve("first.crt"));
    try (TestServer server = start()) {
      TestStream<TextRequest, TextResponse> before = stream(server, trusting("first.crt").build());
      isServed(before);

      certificate("second");
      Files.copy(directory.resolve("second.crt"), directory.resolve("second-ca.crt"));
      replace("tls", "second");
      await()
          .atMost(20, TimeUnit.SECONDS)
          .until(
              () -> {
                TestStream<TextRequest, TextResponse> after =
                    stream(server, trusting("second-ca.crt").build());
                await().until(() -> after.ended() || !after.answers().isEmpty());
                return !after.answers().isEmpty();
              });
      assertThat(stream(server, trusting("first.crt").build()).end().status().getCode())
          .isEqualTo(Status.Code.UNAVAILABLE);

      before.send(request("a", 2)).halfClose();
      assertThat(before.end().status().isOk()).isTrue();
      assertThat(before.answers()).hasSize(2);
    }
  }

  @Test
  void filesThatCannotBeUsedLeaveTheOldOnesInUse(CapturedOutput output) throws IOException {
    certificate("tls");
    Files.copy(directory.resolve("tls.crt"), directory.resolve("first.crt"));
    try (TestServer server = start()) {
      Files.writeString(directory.resolve("tls.key"), "garbage");
      await()
          .untilAsserted(
              () ->
                  assertThat(output)
                      .contains("cannot be used, the old ones stay in use")
                      .contains("an unencrypted private key in PEM"));
      isServed(stream(server, trusting("first.crt").build()));
    }
  }

  @Test
  void clientsMustShowACertificateIfAnAuthorityIsNamed() throws IOException {
    certificate("tls");
    certificate("client");
    Files.copy(directory.resolve("client.crt"), directory.resolve("client-ca.crt"));
    try (TestServer server = start("vachub.tls.client-ca=" + directory.resolve("client-ca.crt"))) {
      isServed(
          stream(
              server,
              trusting("tls.crt")
                  .keyManager(
                      directory.resolve("client.crt").toFile(),
                      directory.resolve("client.key").toFile())
                  .build()));
      assertThat(stream(server, trusting("tls.crt").build()).end().status().getCode())
          .isEqualTo(Status.Code.UNAVAILABLE);

      certificate("stranger");
      assertThat(
              stream(
                      server,
                      trusting("tls.crt")
                          .keyManager(
                              directory.resolve("stranger.crt").toFile(),
                              directory.resolve("stranger.key").toFile())
                          .build())
                  .end()
                  .status()
                  .getCode())
          .isEqualTo(Status.Code.UNAVAILABLE);
    }
  }

  @Test
  void aKeyOfAnotherCertificateStopsTheStart(CapturedOutput output) throws IOException {
    certificate("tls");
    certificate("other");
    Files.move(
        directory.resolve("other.key"),
        directory.resolve("tls.key"),
        StandardCopyOption.REPLACE_EXISTING);

    assertThat(catchThrowable(() -> start().close())).isNotNull();
    await()
        .untilAsserted(
            () ->
                assertThat(output)
                    .contains("(expected: the private key of vachub.tls.certificate, "));
  }
}
