package io.vachub.server;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.vachub.call.DaemonScheduler;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.ssl.pem.PemContent;

/**
 * The key and certificates in use. When the files change, new handshakes see the new ones and open
 * connections stay as they are; files that cannot be used are logged and the old ones stay.
 *
 * <p>Spring Boot reads the PEM. Its SSL bundles would also watch the files, but take a key that is
 * not the certificate's and half a chain as they come.
 */
class TlsFiles implements DisposableBean {

  private static final Logger log = LoggerFactory.getLogger(TlsFiles.class);

  private static final Pattern BEGIN = Pattern.compile("-+BEGIN [^-]*CERTIFICATE");

  private final TlsProperties properties;
  private final CertificateExpiry expiry;

  private final ScheduledExecutorService executor = DaemonScheduler.named("tls-reload");

  /** Compared by content: the times of a mounted Secret's files tell little. */
  private record Pem(String certificate, String privateKey, String clientCa) {}

  private Pem inUse;
  private ReloadedSslContext context;

  TlsFiles(TlsProperties properties, CertificateExpiry expiry) {
    this.properties = properties;
    this.expiry = expiry;
    if (properties.enabled()) {
      load();
      long interval = properties.reloadInterval().toNanos();
      executor.scheduleWithFixedDelay(this::reload, interval, interval, TimeUnit.NANOSECONDS);
    }
  }

  @Override
  public void destroy() {
    executor.shutdownNow();
  }

  /** What serves new connections; empty if the port is plaintext. */
  Optional<SslContext> context() {
    return Optional.ofNullable(context);
  }

  private void reload() {
    try {
      load();
    } catch (RuntimeException e) {
      log.error(
          "The changed TLS files cannot be used, the old ones stay in use: {}", e.getMessage());
    }
    expiry.tell();
  }

  private void load() {
    Pem pem =
        new Pem(
            read("certificate", properties.certificate()),
            read("private-key", properties.privateKey()),
            properties.clientCa() == null ? null : read("client-ca", properties.clientCa()));
    if (!pem.equals(inUse)) {
      use(pem);
      log.info("New connections use the reloaded certificate {}", properties.certificate());
      inUse = pem;
    }
  }

  private void use(Pem pem) {
    List<X509Certificate> chain =
        certificates("certificate", properties.certificate(), pem.certificate());
    PrivateKey key = privateKey(pem.privateKey());
    checkBelongTogether(key, chain.get(0));
    List<X509Certificate> authorities =
        pem.clientCa() == null
            ? List.of()
            : certificates("client-ca", properties.clientCa(), pem.clientCa());
    SslContext next = sslContext(key, chain, authorities);
    if (context == null) {
      context = new ReloadedSslContext(next);
    } else {
      context.use(next);
    }
    expiry.of(chain, authorities);
  }

  private SslContext sslContext(
      PrivateKey key, List<X509Certificate> chain, List<X509Certificate> authorities) {
    SslContextBuilder builder = GrpcSslContexts.configure(SslContextBuilder.forServer(key, chain));
    if (!authorities.isEmpty()) {
      builder.trustManager(authorities).clientAuth(ClientAuth.REQUIRE);
    }
    try {
      return builder.build();
    } catch (IOException e) {
      throw TlsProperties.BOUNDS.invalid("certificate", properties.certificate(), e.getMessage());
    }
  }

  private static String read(String name, File file) {
    try {
      return Files.readString(file.toPath());
    } catch (IOException e) {
      throw TlsProperties.BOUNDS.invalid(name, file, "a readable PEM file");
    }
  }

  private static List<X509Certificate> certificates(String name, File file, String pem) {
    List<X509Certificate> certificates;
    try {
      certificates = PemContent.of(pem).getCertificates();
    } catch (RuntimeException e) {
      throw TlsProperties.BOUNDS.invalid(name, file, "certificates in PEM");
    }
    // A block that has no end is no block to the parser.
    long begun = BEGIN.matcher(pem).results().count();
    if (begun != certificates.size()) {
      throw TlsProperties.BOUNDS.invalid(
          name,
          file,
          "whole certificates in PEM; %d of %d can be read".formatted(certificates.size(), begun));
    }
    return certificates;
  }

  private PrivateKey privateKey(String pem) {
    PrivateKey key = null;
    try {
      key = PemContent.of(pem).getPrivateKey();
    } catch (RuntimeException e) {
      // Said below.
    }
    if (key == null) {
      throw TlsProperties.BOUNDS.invalid(
          "private-key", properties.privateKey(), "an unencrypted private key in PEM");
    }
    return key;
  }

  /** Whether what the key signs, the certificate verifies. */
  private void checkBelongTogether(PrivateKey key, X509Certificate certificate) {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default ->
              throw TlsProperties.BOUNDS.invalid(
                  "private-key",
                  properties.privateKey(),
                  "an RSA or EC key; Netty's TLS has no " + key.getAlgorithm());
        };
    if (!verifies(algorithm, key, certificate)) {
      throw TlsProperties.BOUNDS.invalid(
          "private-key",
          properties.privateKey(),
          "the private key of vachub.tls.certificate, " + properties.certificate());
    }
  }

  private static boolean verifies(String algorithm, PrivateKey key, X509Certificate certificate) {
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
