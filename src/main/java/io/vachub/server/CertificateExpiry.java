package io.vachub.server;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When the certificates in use expire, as a metric, and in the log: WARN for the last fifth of a
 * certificate's life, two weeks at most, and ERROR after it; once a day.
 */
class CertificateExpiry {

  private static final Logger log = LoggerFactory.getLogger(CertificateExpiry.class);

  private static final Duration NOTICE = Duration.ofDays(14);
  private static final int SHARE_OF_LIFE = 5;
  private static final Duration EVERY = Duration.ofDays(1);

  /** The certificate of a file that ends its use. */
  private record Expiry(String file, X509Certificate certificate) {

    Instant at() {
      return certificate.getNotAfter().toInstant();
    }

    Duration notice() {
      Duration life = Duration.between(certificate.getNotBefore().toInstant(), at());
      Duration share = life.dividedBy(SHARE_OF_LIFE);
      return share.compareTo(NOTICE) < 0 ? share : NOTICE;
    }
  }

  private enum Stage {
    VALID,
    EXPIRES,
    EXPIRED
  }

  private final MultiGauge gauge;

  private List<Expiry> expiries = List.of();
  private Stage told = Stage.VALID;
  private Instant toldAt = Instant.MIN;

  CertificateExpiry(MeterRegistry registry) {
    gauge =
        MultiGauge.builder("vachub.tls.expiration.timestamp.seconds")
            .description("When the TLS certificates in use expire, in seconds since 1970")
            .register(registry);
  }

  /**
   * These are in use from now on. A chain is of no use from when the first of it expires,
   * authorities when the last does.
   */
  synchronized void of(List<X509Certificate> chain, List<X509Certificate> authorities) {
    Comparator<X509Certificate> byEnd = Comparator.comparing(X509Certificate::getNotAfter);
    List<Expiry> inUse = new ArrayList<>();
    chain.stream().min(byEnd).ifPresent(first -> inUse.add(new Expiry("certificate", first)));
    authorities.stream().max(byEnd).ifPresent(last -> inUse.add(new Expiry("client-ca", last)));
    expiries = inUse;
    told = Stage.VALID;
    gauge.register(
        expiries.stream()
            .map(
                expiry ->
                    MultiGauge.Row.of(Tags.of("file", expiry.file()), expiry.at().getEpochSecond()))
            .toList(),
        true);
    tell();
  }

  /** Logs what there is to say, unless it was said within a day. */
  synchronized void tell() {
    Instant now = Instant.now();
    Stage stage =
        expiries.stream()
            .map(expiry -> stage(expiry, now))
            .max(Comparator.naturalOrder())
            .orElse(Stage.VALID);
    if (stage == Stage.VALID || (stage == told && toldAt.plus(EVERY).isAfter(now))) {
      return;
    }
    told = stage;
    toldAt = now;
    for (Expiry expiry : expiries) {
      switch (stage(expiry, now)) {
        case EXPIRES ->
            log.warn("The certificate of vachub.tls.{} expires at {}", expiry.file(), expiry.at());
        case EXPIRED ->
            log.error("The certificate of vachub.tls.{} expired at {}", expiry.file(), expiry.at());
        case VALID -> {}
      }
    }
  }

  private static Stage stage(Expiry expiry, Instant now) {
    if (now.isAfter(expiry.at())) {
      return Stage.EXPIRED;
    }
    return now.isAfter(expiry.at().minus(expiry.notice())) ? Stage.EXPIRES : Stage.VALID;
  }
}
