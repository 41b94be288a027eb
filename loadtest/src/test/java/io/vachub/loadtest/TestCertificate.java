package io.vachub.loadtest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A self-signed certificate in PEM files, as the guide's {@code openssl req -x509 -subj} makes it:
 * with a common name and without alternative names.
 */
public record TestCertificate(Path certificate, Path key) {

  public static TestCertificate create(Path directory, String commonName, String... extensions)
      throws Exception {
    Path store = directory.resolve(commonName + ".p12");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "tls",
                "-keyalg",
                "RSA",
                "-dname",
                "CN=" + commonName,
                "-validity",
                "2",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                "secret"));
    command.addAll(List.of(extensions));
    Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(keytool.getInputStream().readAllBytes());
    if (keytool.waitFor() != 0) {
      throw new IOException(output);
    }
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, "secret".toCharArray());
    }
    Path certificate = directory.resolve(commonName + ".crt");
    Path key = directory.resolve(commonName + ".key");
    Files.writeString(certificate, pem("CERTIFICATE", keys.getCertificate("tls").getEncoded()));
    Files.writeString(
        key, pem("PRIVATE KEY", keys.getKey("tls", "secret".toCharArray()).getEncoded()));
    return new TestCertificate(certificate, key);
  }

  private static String pem(String type, byte[] bytes) {
    return "-----BEGIN %s-----%n%s%n-----END %s-----%n"
        .formatted(type, Base64.getMimeEncoder().encodeToString(bytes), type);
  }
}
