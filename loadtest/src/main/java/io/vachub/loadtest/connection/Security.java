package io.vachub.loadtest.connection;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLException;

/**
 * How connections to a target are secured.
 *
 * @param plaintext without TLS; the files are then not looked at
 * @param unverified with TLS, but without checking who the server is
 * @param ca certificates to trust (PEM), or null for the system's
 * @param certificate the client's own certificate (PEM), or null for none
 * @param key its private key (PEM, PKCS#8), or null for none
 * @param authority the name that the server's certificate is for, or null for the target's
 */
public record Security(
    boolean plaintext, boolean unverified, Path ca, Path certificate, Path key, String authority) {

  /** Without TLS. */
  public static final Security PLAINTEXT = new Security(true, false, null, null, null, null);

  /** The credentials for TLS connections. */
  SslContext sslContext() throws SetupException {
    SslContextBuilder context = GrpcSslContexts.forClient();
    if (unverified) {
      context.trustManager(InsecureTrustManagerFactory.INSTANCE);
    } else if (ca != null) {
      context.trustManager(certificates("--ca", ca));
    }
    if (certificate != null) {
      List<X509Certificate> chain = certificates("--cert", certificate);
      requireReadable("--key", key);
      try (InputStream chainIn = Files.newInputStream(certificate);
          InputStream keyIn = Files.newInputStream(key)) {
        context.keyManager(chainIn, keyIn);
      } catch (IOException | IllegalArgumentException e) {
        throw new SetupException(
            "--key: %s (expected: a PEM file with the unencrypted PKCS#8 key of %s)"
                .formatted(key, chain.get(0).getSubjectX500Principal()));
      }
    }
    try {
      return context.build();
    } catch (SSLException | IllegalArgumentException e) {
      throw new SetupException("TLS cannot be set up: " + e.getMessage());
    }
  }

  /** The subject of the first trusted certificate, or null if the system's are trusted. */
  String trustedSubject() throws SetupException {
    return ca == null ? null : certificates("--ca", ca).get(0).getSubjectX500Principal().toString();
  }

  private static List<X509Certificate> certificates(String option, Path file)
      throws SetupException {
    requireReadable(option, file);
    try (InputStream in = Files.newInputStream(file)) {
      List<X509Certificate> certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (!certificates.isEmpty()) {
        return certificates;
      }
    } catch (IOException | CertificateException e) {
      // Said below.
    }
    throw new SetupException(
        "%s: %s (expected: a PEM file with certificates)".formatted(option, file));
  }

  private static void requireReadable(String option, Path file) throws SetupException {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new SetupException("%s: %s (expected: a readable file)".formatted(option, file));
    }
  }
}
