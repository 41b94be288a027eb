package io.vachub.loadtest.counters;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Where counters can be read: one URL, or a name whose every address has a metrics page. */
public final class CounterSource {

  /** What {@link #parse} accepts. */
  public static final String EXPECTED =
      "http://host:port/path, or NAME:PORT or NAME:PORT/path for every address of a name";

  private static final String DEFAULT_PATH = "/actuator/prometheus";
  private static final Pattern NAME =
      Pattern.compile("(\\[[\\p{XDigit}:.]+]|[^\\s:/,\\[\\]]+):(\\d{1,5})(/\\S*)?");

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
    int port = Integer.parseInt(named.group(2));
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException(EXPECTED + ", with a port of 1 to 65535");
    }
    String path = named.group(3) == null ? DEFAULT_PATH : named.group(3);
    return new CounterSource(null, named.group(1), port, path);
  }

  /**
   * The pages that there are now. Spring Boot's are asked for these metrics only: that is less to
   * read, and the service waits at its end for a reader of all of them, which this is not.
   */
  public List<URI> pages(Collection<String> metrics) throws UnknownHostException {
    if (url != null) {
      return List.of(url.getRawQuery() == null ? URI.create(asking(url.toString(), metrics)) : url);
    }
    return Arrays.stream(InetAddress.getAllByName(name))
        .map(address -> "http://%s:%d%s".formatted(literal(address), port, path))
        .map(page -> URI.create(asking(page, metrics)))
        .toList();
  }

  /** Spring Boot knows a counter without the ending that its page gives it. */
  private static String asking(String page, Collection<String> metrics) {
    return page.endsWith(DEFAULT_PATH)
        ? page
            + metrics.stream()
                .map(metric -> metric.replaceFirst("_total$", ""))
                .collect(Collectors.joining(",", "?includedNames=", ""))
        : page;
  }

  private static String literal(InetAddress address) {
    return address instanceof Inet6Address
        ? "[" + address.getHostAddress().replaceFirst("%.*", "") + "]"
        : address.getHostAddress();
  }

  @Override
  public String toString() {
    if (url != null) {
      return url.toString();
    }
    return name + ":" + port + (path.equals(DEFAULT_PATH) ? "" : path);
  }
}
