package io.vachub.streams;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the other pods are, from DNS. A large fleet's addresses are remembered for a while, {@value
 * #MILLIS_PER_ADDRESS} ms for each: every pod asks for all of them, so that DNS would otherwise
 * have to answer with the square of the fleet's size.
 */
final class PeerAddresses {

  /** Finds the addresses of a name. */
  interface Dns {
    InetAddress[] addresses(String name) throws UnknownHostException;
  }

  static final int MILLIS_PER_ADDRESS = 10;

  private static final Logger log = LoggerFactory.getLogger(PeerAddresses.class);

  /** A name or an address, an IPv6 one in brackets, and a port. */
  private static final Pattern HOST_PORT = Pattern.compile("([\\w.-]+|\\[[\\w.:%]+]):([1-9]\\d*)");

  private final List<InetSocketAddress> configured;
  private final int ownPort;
  private final Dns dns;
  private final LongSupplier nanoTime;

  private List<InetSocketAddress> others = List.of();
  private long resolvedAtNanos;

  /**
   * Peers at {@code host:port}, of which every address counts, or at a comma-separated list of
   * such.
   *
   * @param ownPort the port of this pod's own metrics page, by which it recognizes itself among
   *     them
   * @throws IllegalArgumentException naming the entry that is not host:port
   */
  PeerAddresses(String hostPorts, int ownPort, Dns dns, LongSupplier nanoTime) {
    this.configured =
        Arrays.stream(hostPorts.split(","))
            .map(String::trim)
            .filter(entry -> !entry.isEmpty())
            .map(PeerAddresses::parse)
            .toList();
    this.ownPort = ownPort;
    this.dns = dns;
    this.nanoTime = nanoTime;
  }

  private static InetSocketAddress parse(String hostPort) {
    Matcher parts = HOST_PORT.matcher(hostPort);
    if (!parts.matches()) {
      throw new IllegalArgumentException(hostPort);
    }
    try {
      return InetSocketAddress.createUnresolved(parts.group(1), Integer.parseInt(parts.group(2)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(hostPort, e);
    }
  }

  /** The addresses of the other pods; empty if the names have none. */
  List<InetSocketAddress> others() {
    long now = nanoTime.getAsLong();
    Duration validity = Duration.ofMillis((long) MILLIS_PER_ADDRESS * others.size());
    if (others.isEmpty() || now - resolvedAtNanos >= validity.toNanos()) {
      others = List.copyOf(resolve());
      resolvedAtNanos = now;
    }
    return others;
  }

  private Set<InetSocketAddress> resolve() {
    Set<InetAddress> ownAddresses = ownAddresses();
    Set<InetSocketAddress> resolved = new HashSet<>();
    for (InetSocketAddress peer : configured) {
      try {
        for (InetAddress address : dns.addresses(peer.getHostString())) {
          if (peer.getPort() != ownPort || !ownAddresses.contains(address)) {
            resolved.add(new InetSocketAddress(address, peer.getPort()));
          }
        }
      } catch (UnknownHostException e) {
        // A headless Service without a ready pod has no address: there are no peers then.
        log.debug("{} has no address", peer.getHostString());
      }
    }
    return resolved;
  }

  private static Set<InetAddress> ownAddresses() {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .collect(Collectors.toSet());
    } catch (SocketException e) {
      return Set.of();
    }
  }
}
