package io.vachub.server;

import io.vachub.call.PropertyBounds;
import java.io.File;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * TLS on the gRPC port: PEM files that are read again when they change.
 *
 * @param certificate the server's certificate chain, a PEM file; none: plaintext
 * @param privateKey its private key, RSA or EC, unencrypted, a PEM file
 * @param clientCa the authorities that must have signed a client's certificate, a PEM file; none:
 *     clients need no certificate
 * @param reloadInterval how often these files are checked for changes; open connections stay open
 *     when they change
 */
@ConfigurationProperties("vachub.tls")
record TlsProperties(
    File certificate,
    File privateKey,
    File clientCa,
    @DefaultValue("10s") Duration reloadInterval) {

  static final PropertyBounds BOUNDS = new PropertyBounds("vachub.tls.");

  TlsProperties {
    certificate = emptyToNull(certificate);
    privateKey = emptyToNull(privateKey);
    clientCa = emptyToNull(clientCa);
    BOUNDS.require(
        certificate != null || privateKey == null,
        "certificate",
        "",
        "the certificate of vachub.tls.private-key");
    BOUNDS.require(
        certificate == null || privateKey != null,
        "private-key",
        "",
        "the private key of vachub.tls.certificate");
    BOUNDS.require(
        certificate != null || clientCa == null,
        "certificate",
        "",
        "a certificate, since vachub.tls.client-ca is set");
    BOUNDS.positive("reload-interval", reloadInterval);
  }

  boolean enabled() {
    return certificate != null;
  }

  private static File emptyToNull(File file) {
    return file == null || file.getPath().isEmpty() ? null : file;
  }
}
