package io.vachub.server;

import java.io.File;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

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

  TlsProperties {
    certificate = emptyToNull(certificate);
    privateKey = emptyToNull(privateKey);
    clientCa = emptyToNull(clientCa);
    if (certificate == null && privateKey != null) {
      throw invalid("certificate", "", "the certificate of vachub.tls.private-key");
    }
    if (certificate != null && privateKey == null) {
      throw invalid("private-key", "", "the private key of vachub.tls.certificate");
    }
    if (certificate == null && clientCa != null) {
      throw invalid("certificate", "", "a certificate, since vachub.tls.client-ca is set");
    }
    if (reloadInterval.isNegative() || reloadInterval.isZero()) {
      throw invalid("reload-interval", reloadInterval, "more than 0");
    }
  }

  boolean enabled() {
    return certificate != null;
  }

  private static File emptyToNull(File file) {
    return file == null || file.getPath().isEmpty() ? null : file;
  }

  static InvalidConfigurationPropertyValueException invalid(
      String name, Object value, String expected) {
    return new InvalidConfigurationPropertyValueException("vachub.tls." + name, value, expected);
  }
}
