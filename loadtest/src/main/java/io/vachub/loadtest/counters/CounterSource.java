package io.vachub.loadtest.counters;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a counter can be read: one URL, or a name whose every address has a metrics page. */
public final class CounterSource {

  /** What {@link #parse} accepts. */
  public static final String EXPECTED =
      "http://host:port/path, or NAME:PORT or NAME:PORT/path for every address of a name";

  private static final String DEFAULT_PATH = "/actuator/prometheus";
  private static final Pattern NAME = Pattern.compile("([^\\s:/,\\[\\]]+):(\\d{1,5})(/\\S*)?");

  private final URI url;
  private final String name;
  private final int port;
  private final String path;

  private CounterSource(URI url, String name, int port, String path) {
    this.url = url;
    this.name = name;
    this.port = port;
    this.path = path;
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  public static CounterSource parse(String text) {
    if (text.matches("https?://[^/\\s]+\\S*")) {
      try {
        return new CounterSource(URI.create(text), null, 0, null);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(EXPECTED);
      }
    }
    Matcher named = NAME.matcher(text);
    if (!named.matches()) {
      throw new IllegalArgumentException(EXPECTED);
    }
    String path = named.group(3) == null ? DEFAULT_PATH : named.group(3);
    return new CounterSource(null, named.group(1), Integer.parseInt(named.group(2)), path);
  }

  /** The pages that there are now. */
  List<URI> pages() throws UnknownHostException {
    if (url != null) {
      return List.of(url);
    }
    return Arrays.stream(InetAddress.getAllByName(name))
        .map(address -> URI.create("http://%s:%d%s".formatted(literal(address), port, path)))
        .toList();
  }

  private static String literal(InetAddress address) {
    return address instanceof Inet6Address
        ? "[" + address.getHostAddress().replaceFirst("%.*", "") + "]"
        : address.getHostAddress();
  }

  @Override
  public String toString() {
    return url != null ? url.toString() : name + ":" + port + path;
  }
}
