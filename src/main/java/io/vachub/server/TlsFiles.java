package io.vachub.server;

import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.pem.PemContent;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * The key and certificates in use. When the files change, new handshakes see the new ones and open
 * connections stay as they are; files that cannot be used are logged and the old ones stay.
 */
@Component
class TlsFiles {

  private static final Logger log = LoggerFactory.getLogger(TlsFiles.class);

  private final TlsProperties properties;
  private final AdvancedTlsX509KeyManager keyManager = new AdvancedTlsX509KeyManager();
  private final AdvancedTlsX509TrustManager trustManager;

  /** Compared by content: the times of a mounted Secret's files tell little. */
  private record Pem(String certificate, String privateKey, String clientCa) {}

  private Pem inUse;

  TlsFiles(TlsProperties properties) throws GeneralSecurityException {
    this.properties = properties;
    // A client's certificate need not name a host.
    this.trustManager =
        AdvancedTlsX509TrustManager.newBuilder()
            .setVerification(AdvancedTlsX509TrustManager.Verification.CERTIFICATE_ONLY_VERIFICATION)
            .build();
    if (properties.enabled()) {
      load();
    }
  }

  AdvancedTlsX509KeyManager keyManager() {
    return keyManager;
  }

  AdvancedTlsX509TrustManager trustManager() {
    return trustManager;
  }

  @Scheduled(fixedDelayString = "${vachub.tls.reload-interval:10s}")
  void reload() {
    if (!properties.enabled()) {
      return;
    }
    try {
      load();
    } catch (RuntimeException e) {
      log.error("The TLS files changed and cannot be used; the old ones stay: {}", e.getMessage());
    }
  }

  private void load() {
    Pem pem =
        new Pem(
            read("certificate", properties.certificate()),
            read("private-key", properties.privateKey()),
            properties.clientCa() == null ? null : read("client-ca", properties.clientCa()));
    if (!pem.equals(inUse)) {
      use(pem);
      log.info("New connections see the certificate {}", properties.certificate());
      inUse = pem;
    }
  }

  private void use(Pem pem) {
    X509Certificate[] chain =
        certificates("certificate", properties.certificate(), pem.certificate());
    PrivateKey key = privateKey(pem.privateKey());
    if (!belongTogether(key, chain[0])) {
      throw TlsProperties.invalid(
          "private-key",
          properties.privateKey(),
          "the private key of vachub.tls.certificate, " + properties.certificate());
    }
    if (pem.clientCa() != null) {
      trust(certificates("client-ca", properties.clientCa(), pem.clientCa()));
    }
    keyManager.updateIdentityCredentials(chain, key);
  }

  private void trust(X509Certificate[] authorities) {
    try {
      trustManager.updateTrustCredentials(authorities);
    } catch (IOException | GeneralSecurityException e) {
      throw TlsProperties.invalid("client-ca", properties.clientCa(), e.getMessage());
    }
  }

  private static String read(String name, File file) {
    try {
      return Files.readString(file.toPath());
    } catch (IOException e) {
      throw TlsProperties.invalid(name, file, "a readable PEM file");
    }
  }

  private static X509Certificate[] certificates(String name, File file, String pem) {
    try {
      return PemContent.of(pem).getCertificates().toArray(X509Certificate[]::new);
    } catch (RuntimeException e) {
      throw TlsProperties.invalid(name, file, "certificates in PEM");
    }
  }

  private PrivateKey privateKey(String pem) {
    PrivateKey key = null;
    try {
      key = PemContent.of(pem).getPrivateKey();
    } catch (RuntimeException e) {
      // Said below.
    }
    if (key == null) {
      throw TlsProperties.invalid(
          "private-key", properties.privateKey(), "an unencrypted private key in PEM");
    }
    return key;
  }

  /** Whether what the key signs, the certificate verifies. */
  private static boolean belongTogether(PrivateKey key, X509Certificate certificate) {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
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
