package io.vachub.streams;

import io.vachub.policy.Fleet;
import io.vachub.policy.Revision;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads from a peer's metrics page, in Prometheus' text format, the three metrics that its peers
 * need. The size that it reads is limited.
 */
final class PeerPage implements BodySubscriber<Optional<Fleet.Peer>> {

  static final HttpResponse.BodyHandler<Optional<Fleet.Peer>> BODY = response -> new PeerPage();

  /** The query that limits the page to the metrics that are read. */
  static final String QUERY =
      Stream.of(ActiveStreams.METRIC, ThisPod.ACCEPTING, ThisPod.START_TIME)
          .map(metric -> "includedNames=" + metric)
          .collect(Collectors.joining("&"));

  private static final int MAX_BYTES = 16 * 1024;

  /** More than a pod can hold open; a peer that reports more would distort the mean of all pods. */
  private static final int MAX_PLAUSIBLE = 1_000_000;

  private static final Pattern REVISION = Pattern.compile("revision=\"([\\w.-]*)\"");

  private final CompletableFuture<Optional<Fleet.Peer>> peer = new CompletableFuture<>();
  private final ByteArrayOutputStream page = new ByteArrayOutputStream();
  private Flow.Subscription subscription;

  /**
   * The peer that this page describes; empty if it has no count of streams, or an impossible one.
   * Without the other metrics, a peer counts as accepting streams and as of unknown revision.
   */
  static Optional<Fleet.Peer> parse(String page) {
    return value(page, ActiveStreams.METRIC + " ")
        .filter(count -> count >= 0 && count <= MAX_PLAUSIBLE && count == Math.rint(count))
        .map(count -> new Fleet.Peer(count.intValue(), revision(page), isLeaving(page)));
  }

  private static boolean isLeaving(String page) {
    return value(page, ThisPod.ACCEPTING + " ").filter(accepting -> accepting == 0).isPresent();
  }

  private static Revision revision(String page) {
    String series = ThisPod.START_TIME + "{";
    Matcher hash = REVISION.matcher(line(page, series).orElse(""));
    return hash.find()
        ? value(page, series)
            .map(seconds -> new Revision(hash.group(1), (long) (seconds * 1_000)))
            .orElse(Revision.UNKNOWN)
        : Revision.UNKNOWN;
  }

  private static Optional<Double> value(String page, String series) {
    return line(page, series).flatMap(line -> number(line.substring(line.lastIndexOf(' ') + 1)));
  }

  private static Optional<String> line(String page, String start) {
    return page.lines().filter(line -> line.startsWith(start)).findFirst();
  }

  private static Optional<Double> number(String value) {
    try {
      return Optional.of(Double.parseDouble(value)).filter(Double::isFinite);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  @Override
  public CompletionStage<Optional<Fleet.Peer>> getBody() {
    return peer;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    this.subscription = subscription;
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.get(bytes);
      page.writeBytes(bytes);
    }
    if (page.size() > MAX_BYTES) {
      subscription.cancel();
      onError(new IOException("more than " + MAX_BYTES + " bytes for three metrics"));
    }
  }

  @Override
  public void onError(Throwable t) {
    peer.completeExceptionally(t);
  }

  @Override
  public void onComplete() {
    peer.complete(parse(page.toString(StandardCharsets.UTF_8)));
  }
}
