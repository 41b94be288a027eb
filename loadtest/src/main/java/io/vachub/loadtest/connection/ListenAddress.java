package io.vachub.loadtest.connection;

import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the load tester itself listens: a port, for this machine only unless an address says more.
 */
public record ListenAddress(String host, int port) {

  private static final Pattern FORM =
      Pattern.compile("(?:(\\[[\\p{XDigit}:.]+]|[^\\s:/,\\[\\]]+):)?(\\d{1,5})");
  private static final String EXPECTED =
      "a port from 0 to 65535, or an address and a port to make it reachable from"
          + " other machines: 0.0.0.0:8080";

  /**
   * Reads {@code port} or {@code address:port}; port 0 is any that is free.
   *
   * @throws IllegalArgumentException for anything else, with what was expected
   */
  public static ListenAddress parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > 65_535) {
      throw new IllegalArgumentException(EXPECTED);
    }
    return new ListenAddress(
        matcher.group(1) == null ? "127.0.0.1" : matcher.group(1),
        Integer.parseInt(matcher.group(2)));
  }

  /** The address to bind to. */
  public InetSocketAddress socket() {
    return new InetSocketAddress(host, port);
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
