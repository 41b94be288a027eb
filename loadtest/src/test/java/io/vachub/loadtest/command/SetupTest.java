package io.vachub.loadtest.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContextBuilder;
import io.vachub.loadtest.StreamerServer;
import io.vachub.loadtest.TestCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether a load can begin: addresses, certificates, and services that are not there. */
class SetupTest {

  private static final String[] SHORT = {"--streams=2", "--duration=1s", "--rate=50", "--quiet"};

  @TempDir private Path directory;

  @Test
  void anAddressWhereNobodyListens() throws Exception {
    String address = "127.0.0.1:" + closedPort();
    CommandLineResult result = run(address, "--plaintext");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .startsWith(address + ": unreachable: ")
        .contains("Connection refused")
        .hasLineCount(1);
  }

  @Test
  void anAddressThatTakesConnectionsAndNeverAnswers() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + silent.getLocalPort();
      CommandLineResult result = run(address, "--plaintext", "--connect-timeout=1s");

      assertThat(result.exitCode()).isEqualTo(2);
      assertThat(result.err())
          .isEqualToIgnoringNewLines(
              address + ": unreachable: no connection within 1s (--connect-timeout)");
    }
  }

  @Test
  void aCertificateThatNobodyLooksAt() throws Exception {
    TestCertificate other = TestCertificate.create(directory, "other.example.com");
    try (StreamerServer server = StreamerServer.start("pod", tls(other, null))) {
      CommandLineResult result = run(server.address(), "--insecure-skip-verify");

      assertThat(result.err()).isEmpty();
      assertThat(result.exitCode()).isZero();
      assertThat(result.out()).contains("NOT VERIFIED");
    }
  }

  @Test
  void severalAddressesWhereNobodyListens() throws Exception {
    String addresses = "127.0.0.1:%d,127.0.0.1:%d".formatted(closedPort(), closedPort());
    CommandLineResult result = run(addresses, "--plaintext");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .startsWith(addresses + ": unreachable: ")
        .contains("Connection refused")
        .hasLineCount(1);
  }

  @Test
  void oneOfSeveralAddressesMayBeDownOrUnknown() throws Exception {
    try (StreamerServer server = StreamerServer.start("pod")) {
      String others = ",127.0.0.1:%d,no-such-host.invalid:50051".formatted(closedPort());
      CommandLineResult result = run(server.address() + others, "--plaintext");

      assertThat(result.err()).isEmpty();
      assertThat(result.exitCode()).isZero();
      assertThat(server.processed()).isPositive();
    }
  }

  @Test
  void severalHostsThatNobodyKnows() {
    CommandLineResult result = run("no-such-host.invalid:1,nor-this.invalid:2", "--plaintext");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .startsWith("no-such-host.invalid:1,nor-this.invalid:2: unreachable: ")
        .contains("nor-this.invalid")
        .hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"[::1]:%d", "dns:///[::1]:%d", "[::1]:%d,[0:0:0:0:0:0:0:1]:%<d", "127.0.0.1:%d"})
  void anAddressLiteral(String target) throws Exception {
    try (StreamerServer server = StreamerServer.startOn("::")) {
      CommandLineResult result = run(target.formatted(server.port()), "--plaintext");

      assertThat(result.err()).isEmpty();
      assertThat(result.exitCode()).isZero();
      assertThat(server.processed()).isPositive();
    }
  }

  @Test
  void aHostThatNobodyKnows() {
    CommandLineResult result = run("no-such-host.invalid:50051", "--plaintext");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).startsWith("no-such-host.invalid:50051: un").hasLineCount(1);
  }

  @Test
  void aServerWithoutTheService() throws Exception {
    Server empty = NettyServerBuilder.forPort(0).build().start();
    try {
      String target = "127.0.0.1:" + empty.getPort();
      CommandLineResult result = run(target, "--plaintext");

      assertThat(result.exitCode()).isEqualTo(2);
      assertThat(result.err())
          .startsWith(target + ": does not serve ProcessTextStream: UNIMPLEMENTED")
          .hasLineCount(1);
    } finally {
      empty.shutdownNow();
    }
  }

  @Test
  void theGuidesCertificateAndSpelling() throws Exception {
    TestCertificate guide = TestCertificate.create(directory, "grpc.example.com");
    try (StreamerServer server = StreamerServer.start("pod", tls(guide, null))) {
      CommandLineResult result =
          run(
              server.address(),
              "--cert_file",
              guide.certificate().toString(),
              "--authority",
              "grpc.example.com");

      assertThat(result.err()).isEmpty();
      assertThat(result.exitCode()).isZero();
      assertThat(server.processed()).isPositive();
    }
  }

  @Test
  void aCertificateForAnotherNameIsSaidWithTheNameToAskFor() throws Exception {
    TestCertificate guide = TestCertificate.create(directory, "grpc.example.com");
    try (StreamerServer server = StreamerServer.start("pod", tls(guide, null))) {
      CommandLineResult result = run(server.address(), "--ca", guide.certificate().toString());

      assertThat(result.exitCode()).isEqualTo(2);
      assertThat(result.err())
          .isEqualToIgnoringNewLines(
              server.address()
                  + ": the server's certificate is not for 127.0.0.1, the trusted one is for"
                  + " CN=grpc.example.com (--authority NAME sets the name that is expected)");
    }
  }

  @Test
  void eachOfSeveralAddressesIsAskedForByItsOwnName() throws Exception {
    TestCertificate own = TestCertificate.create(directory, "own", "-ext", "SAN=dns:localhost");
    try (StreamerServer server = StreamerServer.start("pod", tls(own, null))) {
      String addresses = "127.0.0.1:%d,localhost:%d".formatted(closedPort(), server.port());
      CommandLineResult result = run(addresses, "--ca=" + own.certificate());

      assertThat(result.err()).isEmpty();
      assertThat(result.exitCode()).isZero();
      assertThat(server.processed()).isPositive();
    }
  }

  @Test
  void severalAddressesMayShareOneName() throws Exception {
    TestCertificate guide = TestCertificate.create(directory, "grpc.example.com");
    try (StreamerServer server = StreamerServer.start("pod", tls(guide, null))) {
      String addresses = "localhost:%d,127.0.0.1:%<d".formatted(server.port());
      String ca = "--ca=" + guide.certificate();

      CommandLineResult unnamed = run(addresses, ca);
      assertThat(unnamed.exitCode()).isEqualTo(2);
      assertThat(unnamed.err())
          .isEqualToIgnoringNewLines(
              addresses
                  + ": the server's certificate is not for localhost or 127.0.0.1, the trusted one"
                  + " is for CN=grpc.example.com (--authority NAME sets the name that is expected)");
      CommandLineResult named = run(addresses, ca, "--authority=grpc.example.com");
      assertThat(named.err()).isEmpty();
      assertThat(named.exitCode()).isZero();
      assertThat(server.processed()).isPositive();
    }
  }

  @Test
  void aCertificateThatIsNotTrusted() throws Exception {
    TestCertificate server = TestCertificate.create(directory, "grpc.example.com");
    TestCertificate other = TestCertificate.create(directory, "other.example.com");
    try (StreamerServer streamer = StreamerServer.start("pod", tls(server, null))) {
      CommandLineResult result =
          run(
              streamer.address(),
              "--ca",
              other.certificate().toString(),
              "--authority",
              "grpc.example.com");

      assertThat(result.exitCode()).isEqualTo(2);
      assertThat(result.err())
          .startsWith(streamer.address() + ": the server's certificate is not trusted")
          .hasLineCount(1);
    }
  }

  @Test
  void aServerWithoutTls() throws Exception {
    try (StreamerServer server = StreamerServer.start("pod")) {
      CommandLineResult result = run(server.address());

      assertThat(result.exitCode()).isEqualTo(2);
      assertThat(result.err())
          .startsWith(server.address() + ": the server does not use TLS")
          .hasLineCount(1);
    }
  }

  @Test
  void aServerWithTlsThatIsAskedWithout() throws Exception {
    TestCertificate own = TestCertificate.create(directory, "grpc.example.com");
    try (StreamerServer server = StreamerServer.start("pod", tls(own, null))) {
      CommandLineResult result = run(server.address(), "--plaintext");

      assertThat(result.exitCode()).isEqualTo(2);
      assertThat(result.err())
          .startsWith(
              server.address()
                  + ": the server closed the connection; it may use TLS (try without --plaintext) or not be a gRPC server: ")
          .hasLineCount(1);
    }
  }

  @Test
  void aKeyThatIsNotTheCertificates() throws Exception {
    TestCertificate server =
        TestCertificate.create(directory, "server.example.com", "-ext", "SAN=ip:127.0.0.1");
    TestCertificate client = TestCertificate.create(directory, "client.example.com");
    try (StreamerServer streamer = StreamerServer.start("pod", tls(server, client))) {
      CommandLineResult result =
          run(
              streamer.address(),
              "--ca=" + server.certificate(),
              "--cert=" + client.certificate(),
              "--key=" + server.key());

      assertThat(result.exitCode()).isEqualTo(2);
      assertThat(result.err())
          .startsWith(streamer.address() + ": the server ")
          .contains("--key")
          .hasLineCount(1);
    }
  }

  @Test
  void aFileThatIsNoCertificate() throws Exception {
    Path garbage = Files.writeString(directory.resolve("garbage.pem"), "no certificate");
    CommandLineResult result = run("127.0.0.1:1", "--ca", garbage.toString());

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .isEqualToIgnoringNewLines(
            "--ca: %s (expected: a PEM file with certificates)".formatted(garbage));
  }

  @Test
  void aClientShowsItsOwnCertificateWhereTheServerAsksForIt() throws Exception {
    TestCertificate server =
        TestCertificate.create(directory, "server.example.com", "-ext", "SAN=ip:127.0.0.1");
    TestCertificate client = TestCertificate.create(directory, "client.example.com");
    try (StreamerServer streamer = StreamerServer.start("pod", tls(server, client))) {
      String ca = "--ca=" + server.certificate();

      CommandLineResult unknown = run(streamer.address(), ca);
      assertThat(unknown.exitCode()).isEqualTo(2);
      assertThat(unknown.err())
          .startsWith(
              streamer.address()
                  + ": the server rejects the client's certificate or requires one"
                  + " (--cert FILE and --key FILE set it): ")
          .hasLineCount(1);
      CommandLineResult known =
          run(streamer.address(), ca, "--cert=" + client.certificate(), "--key=" + client.key());
      assertThat(known.err()).isEmpty();
      assertThat(known.exitCode()).isZero();
    }
  }

  private static int closedPort() throws IOException {
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return closed.getLocalPort();
    }
  }

  private static UnaryOperator<NettyServerBuilder> tls(
      TestCertificate own, TestCertificate trustedClient) {
    return settings -> {
      try {
        SslContextBuilder context =
            GrpcSslContexts.forServer(own.certificate().toFile(), own.key().toFile());
        if (trustedClient != null) {
          context.trustManager(trustedClient.certificate().toFile()).clientAuth(ClientAuth.REQUIRE);
        }
        return settings.sslContext(context.build());
      } catch (SSLException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  private static CommandLineResult run(String target, String... options) {
    List<String> args = new ArrayList<>(List.of("run", target));
    args.addAll(List.of(options));
    args.addAll(List.of(SHORT));
    return CommandLineResult.of(args.toArray(String[]::new));
  }
}
