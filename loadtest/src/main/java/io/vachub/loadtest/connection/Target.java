package io.vachub.loadtest.connection;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a load goes: one address, to which each channel has one connection; or several, which each
 * channel uses in turn.
 */
public final class Target {

  private static final Pattern HOST_PORT =
      Pattern.compile("(\\[[\\p{XDigit}:.]+]|[^\\s:/,\\[\\]]+):(\\d{1,5})");
  private static final String DNS = "dns:///";

  private final String text;
  private final List<HostPort> addresses;

  private Target(String text, List<HostPort> addresses) {
    this.text = text;
    this.addresses = addresses;
  }

  /**
   * Reads {@code host:port}, {@code host:port,host:port} or {@code dns:///host:port}.
   *
   * @throws IllegalArgumentException for anything else, with what was expected
   */
  public static Target parse(String text) {
    String addresses = text.startsWith(DNS) ? text.substring(DNS.length()) : text;
    List<HostPort> parsed = Arrays.stream(addresses.split(",", -1)).map(Target::hostPort).toList();
    if (text.startsWith(DNS) && parsed.size() > 1) {
      throw unexpected();
    }
    return new Target(text, parsed);
  }

  private static HostPort hostPort(String text) {
    Matcher matcher = HOST_PORT.matcher(text);
    if (!matcher.matches()) {
      throw unexpected();
    }
    int port = Integer.parseInt(matcher.group(2));
    if (port < 1 || port > 65_535) {
      throw unexpected();
    }
    return new HostPort(matcher.group(1), port);
  }

  private static IllegalArgumentException unexpected() {
    return new IllegalArgumentException(
        "host:port, several of them separated by commas, or dns:///host:port");
  }

  /** Whether a channel connects to every address and uses them round robin. */
  boolean isRoundRobin() {
    return addresses.size() > 1 || text.startsWith(DNS);
  }

  /** The addresses given, in order; one, unless there were commas. */
  List<HostPort> addresses() {
    return addresses;
  }

  /** As it was given. */
  @Override
  public String toString() {
    return text;
  }

  /** A name or an address literal, and a port. */
  record HostPort(String host, int port) {

    @Override
    public String toString() {
      return host + ":" + port;
    }
  }
}
