package io.vachub.streams;

import io.vachub.policy.Fleet;
import io.vachub.policy.PeerSample;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

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

  private static final String PATH = "/actuator/prometheus?" + PeerPage.QUERY;
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  private final PeerAddresses addresses;

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

  Peers(PeerAddresses addresses) {
    this.addresses = addresses;
  }

  /** Asks the other pods now; takes at most one second and the time of DNS. */
  Answers read() {
    List<InetSocketAddress> others = addresses.others();
    List<InetSocketAddress> asked = PeerSample.of(others, ThreadLocalRandom.current());
    List<CompletableFuture<Optional<Fleet.Peer>>> answers = asked.stream().map(this::ask).toList();
    return new Answers(
        others.size(),
        asked.size(),
        answers.stream().map(CompletableFuture::join).flatMap(Optional::stream).toList());
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
