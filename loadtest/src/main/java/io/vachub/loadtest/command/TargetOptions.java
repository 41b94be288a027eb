package io.vachub.loadtest.command;

import io.vachub.loadtest.connection.Security;
import io.vachub.loadtest.connection.SetupException;
import io.vachub.loadtest.connection.Target;
import io.vachub.loadtest.counters.CounterReader;
import io.vachub.loadtest.counters.CounterSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The target of the load, and TLS. */
final class TargetOptions {

  @Parameters(
      paramLabel = "TARGET",
      converter = Parsed.AsTarget.class,
      description =
          "host:port, or host:port,host:port, or dns:///host:port; with the last two"
              + " each channel uses all addresses, round robin.")
  private Target target;

  @Option(names = "--plaintext", description = "Without TLS.")
  private boolean plaintext;

  @Option(
      names = {"--ca", "--cert_file"},
      paramLabel = "FILE",
      description = "Trusted certificates (PEM) instead of the system's.")
  private Path ca;

  @Option(
      names = "--cert",
      paramLabel = "FILE",
      description = "The client's own certificate (PEM); requires --key.")
  private Path certificate;

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = "The private key of --cert (PEM, PKCS#8).")
  private Path key;

  @Option(
      names = "--authority",
      paramLabel = "NAME",
      description = "The name in the server's certificate, if it is not that of TARGET.")
  private String authority;

  @Option(
      names = "--insecure-skip-verify",
      description = "Uses TLS without verifying the server's certificate.")
  private boolean unverified;

  @Option(
      names = "--max-message-size",
      paramLabel = "BYTES",
      defaultValue = "4194304",
      converter = Parsed.PositiveInt.class,
      description = "The largest answer that is accepted.")
  private int maxMessageBytes;

  @Option(
      names = "--connect-timeout",
      paramLabel = "TIME",
      defaultValue = "20s",
      converter = Parsed.PositiveDuration.class,
      description = "How long to wait before the load for the target's first answer.")
  private Duration connectTimeout;

  @Option(
      names = "--keepalive",
      paramLabel = "TIME",
      defaultValue = "30s",
      converter = Parsed.Keepalive.class,
      description =
          "A connection that is silent for this long is pinged, and closed if there is"
              + " no answer within 10 s; 0: never, for servers that do not allow pings.")
  private Duration keepalive;

  @Option(
      names = "--counters",
      paramLabel = "URL",
      showDefaultValue = Visibility.NEVER,
      split = ",",
      converter = Parsed.AsCounterSource.class,
      description =
          "Metrics pages of the service, to compare its own count of messages with the"
              + " account; NAME:PORT or NAME:PORT/path means every address of a name. Separate"
              + " several by commas.")
  private List<CounterSource> counters = List.of();

  @Option(
      names = "--counter",
      paramLabel = "NAME",
      defaultValue = "app_message_processed_count_total",
      description = "The name of the counter of processed messages on the pages of --counters.")
  private String counter;

  /** Reads the counters before the load, where there are any to read. */
  Optional<CounterReader> openCounters() throws SetupException, InterruptedException {
    return counters.isEmpty()
        ? Optional.empty()
        : Optional.of(CounterReader.open(counters, counter));
  }

  Duration connectTimeout() {
    return connectTimeout;
  }

  Duration keepalive() {
    return keepalive;
  }

  int maxMessageBytes() {
    return maxMessageBytes;
  }

  boolean isUnverified() {
    return unverified;
  }

  Target target() {
    return target;
  }

  Security security() throws SetupException {
    if (plaintext && (ca != null || certificate != null || key != null)) {
      throw new SetupException(
          "--plaintext: together with --ca, --cert or --key (expected: one or the other)");
    }
    if (unverified && (plaintext || ca != null)) {
      throw new SetupException(
          "--insecure-skip-verify: together with --plaintext or --ca (expected: one or the"
              + " other)");
    }
    if ((certificate == null) != (key == null)) {
      throw new SetupException(
          certificate == null
              ? "--key: %s (expected: --cert with it)".formatted(key)
              : "--cert: %s (expected: --key with it)".formatted(certificate));
    }
    return new Security(plaintext, unverified, ca, certificate, key, authority);
  }
}
