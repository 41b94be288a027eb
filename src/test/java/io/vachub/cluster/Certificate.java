package io.vachub.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Map;

/** Certificates that sign themselves, made by the JDK's keytool. */
final class Certificate {

  private static final char[] PASSWORD = "changeit".toCharArray();

  private Certificate() {}

  /** A TLS Secret with a key, a certificate for this host and, as its CA, the same. */
  static Object secret(String namespace, String name, String host) {
    try {
      Path directory = Files.createTempDirectory("certificate");
      Path file = directory.resolve("store.p12");
      try {
        Kubernetes.run(
            Map.of(),
            "",
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            "server",
            "-keyalg",
            "RSA",
            "-validity",
            "2",
            "-dname",
            "CN=" + host,
            "-ext",
            "SAN=dns:" + host,
            "-storetype",
            "PKCS12",
            "-storepass",
            new String(PASSWORD),
            "-keystore",
            file.toString());
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
          store.load(in, PASSWORD);
        }
        String certificate = pem("CERTIFICATE", store.getCertificate("server").getEncoded());
        String key = pem("PRIVATE KEY", store.getKey("server", PASSWORD).getEncoded());
        return Map.of(
            "apiVersion",
            "v1",
            "kind",
            "Secret",
            "type",
            "kubernetes.io/tls",
            "metadata",
            Map.of("name", name, "namespace", namespace),
            "stringData",
            Map.of("tls.crt", certificate, "tls.key", key, "ca.crt", certificate));
      } finally {
        Files.deleteIfExists(file);
        Files.delete(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(String kind, byte[] content) {
    String text = Base64.getMimeEncoder(64, "\n".getBytes()).encodeToString(content);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(kind, text, kind);
  }
}
