package io.vachub.streams;

import io.vachub.policy.Fleet;
import io.vachub.policy.PeerSample;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The other pods and how many streams each has open, read from their metrics pages. A peer that
 * does not answer within a second, or does not answer with a plausible count, is ignored.
 */
final class Peers {

  /**
   * The answers of the other pods.
   *
   * @param known how many other pods there are
   * @param asked how many of them were asked: all, or a sample of a large fleet
   * @param answers the answers of those that answered
   */
  record Answers(int known, int asked, List<Fleet.Peer> answers) {}

  private static final Logger log = LoggerFactory.getLogger(Peers.class);

  /** A name or an address, an IPv6 one in brackets, and a port. */
  private static final Pattern HOST_PORT = Pattern.compile("([\\w.-]+|\\[[\\w.:%]+]):([1-9]\\d*)");

  private static final String PATH = "/actuator/prometheus?" + PeerPage.QUERY;
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  private final List<InetSocketAddress> configured;
  private final int ownPort;

  /** Created when the first peer is asked, because a pod without peers starts faster without it. */
  private static final class Http {
    static final HttpClient CLIENT =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            // Pods are reached directly, even if this JVM uses a proxy for other hosts.
            .proxy(HttpClient.Builder.NO_PROXY)
            .connectTimeout(TIMEOUT)
            .build();
  }

  /**
   * Peers at {@code host:port}, of which every address counts, or at a comma-separated list of
   * such.
   *
   * @param ownPort the port of this pod's own metrics page, by which it recognizes itself among
   *     them
   * @throws IllegalArgumentException naming the entry that is not host:port
   */
  Peers(String hostPorts, int ownPort) {
    this.configured =
        Arrays.stream(hostPorts.split(","))
            .map(String::trim)
            .filter(entry -> !entry.isEmpty())
            .map(Peers::parse)
            .toList();
    this.ownPort = ownPort;
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

  /** Asks the other pods now; takes at most one second and the time of DNS. */
  Answers read() {
    List<InetSocketAddress> others = List.copyOf(resolve());
    List<InetSocketAddress> asked = PeerSample.of(others, ThreadLocalRandom.current());
    List<CompletableFuture<Optional<Fleet.Peer>>> answers = asked.stream().map(this::ask).toList();
    return new Answers(
        others.size(),
        asked.size(),
        answers.stream().map(CompletableFuture::join).flatMap(Optional::stream).toList());
  }

  private Set<InetSocketAddress> resolve() {
    Set<InetSocketAddress> others = new HashSet<>();
    for (InetSocketAddress peer : configured) {
      try {
        for (InetAddress address : InetAddress.getAllByName(peer.getHostString())) {
          if (!isThisPod(address, peer.getPort())) {
            others.add(new InetSocketAddress(address, peer.getPort()));
          }
        }
      } catch (UnknownHostException e) {
        // A headless Service without a ready pod has no address: there are no peers then.
        log.debug("{} has no address", peer.getHostString());
      }
    }
    return others;
  }

  private boolean isThisPod(InetAddress address, int port) {
    try {
      return port == ownPort && NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      return false;
    }
  }

  private CompletableFuture<Optional<Fleet.Peer>> ask(InetSocketAddress peer) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + hostPort(peer) + PATH))
            .timeout(TIMEOUT)
            .header("Accept", "text/plain;version=0.0.4")
            .build();
    CompletableFuture<HttpResponse<Optional<Fleet.Peer>>> exchange =
        Http.CLIENT.sendAsync(request, PeerPage.BODY);
    return exchange
        .copy()
        .orTimeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
        .handle(
            (response, failure) -> {
              exchange.cancel(true);
              return failure == null && response.statusCode() == 200
                  ? response.body()
                  : Optional.empty();
            });
  }

  private static String hostPort(InetSocketAddress peer) {
    InetAddress address = peer.getAddress();
    String host = address.getHostAddress().replaceFirst("%.*", "");
    return (address instanceof Inet6Address ? "[" + host + "]" : host) + ":" + peer.getPort();
  }
}
