package io.vachub.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.vachub.CapturesOutput;
import io.vachub.Jdk;
import io.vachub.TestServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;

/** Who should not get in, and files that are not what they seem. The clients are openssl's. */
@CapturesOutput
class TlsAttackTest {

  /** What an HTTP/2 client says first: the preface and empty SETTINGS. */
  private static final byte[] HELLO =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);

  @TempDir private Path directory;
  private OpenSsl openSsl;

  @BeforeEach
  void openSsl() {
    openSsl = new OpenSsl(directory);
  }

  private TestServer start(String... more) {
    return TestServer.startWithTls(directory, more);
  }

  /** Whether the server answers an HTTP/2 client that connects with these options. */
  private boolean isServed(TestServer server, String options) throws Exception {
    Process client =
        openSsl
            .start(
                "s_client -quiet -alpn h2 -connect localhost:%d %s"
                    .formatted(server.grpcPort(), options))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (OutputStream out = client.getOutputStream();
        InputStream in = client.getInputStream()) {
      out.write(HELLO);
      out.flush();
      var answer =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return in.readNBytes(9).length;
                } catch (IOException e) {
                  return 0;
                }
              });
      return answer.get(20, TimeUnit.SECONDS) == 9;
    } catch (IOException e) {
      return false;
    } finally {
      client.destroyForcibly().waitFor();
    }
  }

  private void replace(String file, String by) throws IOException {
    Files.copy(directory.resolve(by), directory.resolve(file), StandardCopyOption.REPLACE_EXISTING);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_2", "-tls1_3"})
  void aSessionOfBeforeLetsNobodyInAfterTheAuthoritiesChanged(String version, CapturedOutput output)
      throws Exception {
    openSsl.certificate("tls");
    openSsl.certificate("insider");
    openSsl.certificate("new");
    replace("ca.crt", "insider.crt");
    try (TestServer server = start("vachub.tls.client-ca=" + directory.resolve("ca.crt"))) {
      String insider = version + " -cert insider.crt -key insider.key ";
      assertThat(isServed(server, insider + "-sess_out session")).isTrue();

      replace("ca.crt", "new.crt");
      await()
          .untilAsserted(
              () -> assertThat(output.toString().split("New connections use")).hasSize(3));

      assertThat(isServed(server, version + " -cert new.crt -key new.key")).isTrue();
      if (Files.exists(directory.resolve("session"))) {
        assertThat(isServed(server, version + " -sess_in session")).isFalse();
        assertThat(isServed(server, insider + "-sess_in session")).isFalse();
      }
      assertThat(isServed(server, insider)).isFalse();
    }
  }

  @Test
  void halfAChainIsRefusedAndTheOldOneStays(CapturedOutput output) throws Exception {
    openSsl.certificate("tls");
    openSsl.certificate("other");
    try (TestServer server = start()) {
      String whole = Files.readString(directory.resolve("tls.crt"));
      String next = Files.readString(directory.resolve("other.crt"));
      Files.writeString(directory.resolve("tls.crt"), whole + next.substring(0, next.length() / 2));

      await()
          .untilAsserted(
              () ->
                  assertThat(output)
                      .contains("cannot be used, the old ones stay in use")
                      .contains("whole certificates in PEM; 1 of 2 can be read"));
      assertThat(isServed(server, "-verify_return_error -CAfile other.crt")).isFalse();
      Files.writeString(directory.resolve("first.crt"), whole);
      assertThat(isServed(server, "-verify_return_error -CAfile first.crt")).isTrue();
    }
  }

  @Test
  void halfAListOfAuthoritiesStopsTheStart(CapturedOutput output) throws Exception {
    openSsl.certificate("tls");
    String authority = Files.readString(directory.resolve("tls.crt"));
    Files.writeString(
        directory.resolve("ca.crt"), authority + authority.substring(0, authority.length() - 8));

    assertThat(
            catchThrowable(
                () -> start("vachub.tls.client-ca=" + directory.resolve("ca.crt")).close()))
        .isNotNull();
    await()
        .untilAsserted(
            () ->
                assertThat(output)
                    .contains("(expected: whole certificates in PEM; 1 of 2 can be read)"));
  }

  @Test
  void aKeyThatCannotBeServedIsSaidTruly(CapturedOutput output) {
    openSsl.certificate("tls", "ed25519", new String[0]);

    assertThat(catchThrowable(() -> start().close())).isNotNull();
    await()
        .untilAsserted(
            () ->
                assertThat(output)
                    .contains("(expected: an RSA or EC key; Netty's TLS has no EdDSA)"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rsa:2048", "ec:P-256", "ec:P-384"})
  void theKindsOfKeysAreServed(String kind) throws Exception {
    openSsl.certificate("tls", kind, new String[0]);
    try (TestServer server = start()) {
      assertThat(isServed(server, "")).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "rsa:2048, rsa -traditional, BEGIN RSA PRIVATE KEY",
    "rsa:2048, pkcs8 -topk8 -nocrypt, BEGIN PRIVATE KEY",
    "ec:P-256, ec, BEGIN EC PRIVATE KEY",
    "ec:P-256, pkcs8 -topk8 -nocrypt, BEGIN PRIVATE KEY"
  })
  void theFormsOfKeysAreServed(String kind, String form, String begin) throws Exception {
    openSsl.certificate("tls", kind, new String[0]);
    openSsl.run(form + " -in tls.key -out form.key");
    replace("tls.key", "form.key");
    assertThat(directory.resolve("tls.key")).content().contains(begin);
    try (TestServer server = start()) {
      assertThat(isServed(server, "")).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "pkcs8 -topk8 -v2 aes256, BEGIN ENCRYPTED PRIVATE KEY",
    "rsa -aes256 -traditional, 'Proc-Type: 4,ENCRYPTED'"
  })
  void anEncryptedKeyIsRefused(String form, String has, CapturedOutput output) {
    openSsl.certificate("tls");
    openSsl.run(form + " -passout pass:changeit -in tls.key -out form.key");
    assertThat(catchThrowable(() -> replace("tls.key", "form.key"))).isNull();
    assertThat(directory.resolve("tls.key")).content().contains(has);

    assertThat(catchThrowable(() -> start().close())).isNotNull();
    await()
        .untilAsserted(
            () -> assertThat(output).contains("(expected: an unencrypted private key in PEM)"));
    assertThat(output).doesNotContain("\tat ");
  }

  @Test
  void aChainEndsWithItsFirstAndAuthoritiesWithTheirLast() throws Exception {
    openSsl.certificate("tls", "-days", "100");
    openSsl.certificate("short", "-days", "50");
    openSsl.certificate("long", "-days", "200");
    String shortLived = Files.readString(directory.resolve("short.crt"));
    Files.writeString(directory.resolve("tls.crt"), shortLived, StandardOpenOption.APPEND);
    Files.writeString(
        directory.resolve("ca.crt"), Files.readString(directory.resolve("long.crt")) + shortLived);
    try (TestServer server = start("vachub.tls.client-ca=" + directory.resolve("ca.crt"))) {
      assertThat(expiry(server, "certificate")).isCloseTo(in(50), within(Duration.ofHours(1)));
      assertThat(expiry(server, "client-ca")).isCloseTo(in(200), within(Duration.ofHours(1)));
    }
  }

  private static Instant in(int days) {
    return Instant.now().plus(days, ChronoUnit.DAYS);
  }

  @Test
  void theEndOfACertificateIsToldBeforeAndAfter(CapturedOutput output) throws Exception {
    openSsl.certificate("tls", "-days", "100");
    try (TestServer server = start()) {
      assertThat(expiry(server, "certificate")).isCloseTo(in(100), within(Duration.ofHours(1)));
      assertThat(output).doesNotContain("expire");

      certificate("next", "-90d", 93);
      replace("tls.key", "next.key");
      replace("tls.crt", "next.crt");
      await().untilAsserted(() -> assertThat(output).contains(" WARN ").contains("expires"));

      certificate("old", "-90d", 60);
      replace("tls.key", "old.key");
      replace("tls.crt", "old.crt");
      await().untilAsserted(() -> assertThat(output).contains("ERROR").contains("expired at"));
      assertThat(expiry(server, "certificate")).isCloseTo(in(-30), within(Duration.ofHours(1)));

      // A few times more the files are looked at.
      certificate("last", "-90d", 60);
      replace("tls.key", "last.key");
      await().untilAsserted(() -> assertThat(output).contains("the old ones stay in use"));
      assertThat(output.toString().split("expired at")).as("told once a day").hasSize(2);
    }
  }

  /** One whose life began elsewhen, which this openssl cannot do. */
  private void certificate(String name, String start, int days) throws Exception {
    Path store = directory.resolve(name + ".p12");
    Process keytool =
        new ProcessBuilder(
                Jdk.command("keytool"),
                "-genkeypair",
                "-keyalg",
                "RSA",
                "-dname",
                "CN=grpc.example.com",
                "-startdate",
                start,
                "-validity",
                Integer.toString(days),
                "-keystore",
                store.toString(),
                "-storepass",
                "changeit")
            .inheritIO()
            .start();
    assertThat(keytool.waitFor()).isZero();
    String pkcs12 = "pkcs12 -passin pass:changeit -nodes -in %s.p12 -out %s".formatted(name, name);
    openSsl.run(pkcs12 + ".key -nocerts");
    openSsl.run(pkcs12 + ".crt -nokeys");
  }

  private static org.assertj.core.data.TemporalUnitOffset within(Duration duration) {
    return org.assertj.core.api.Assertions.within(duration.toSeconds(), ChronoUnit.SECONDS);
  }

  private static Instant expiry(TestServer server, String file) {
    return Instant.ofEpochSecond(
        (long) server.metric("vachub_tls_expiration_timestamp_seconds{file=\"" + file + "\"}"));
  }
}
