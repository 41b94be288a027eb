package io.vachub.load;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/**
 * Reads the one count from a peer's metrics page, in Prometheus' text format, of which it takes a
 * bounded part.
 */
final class PeerCount implements BodySubscriber<OptionalInt> {

  static final String METRIC = "grpc_server_active_streams";

  static final HttpResponse.BodyHandler<OptionalInt> BODY = response -> new PeerCount();

  private static final int MAX_BYTES = 16 * 1024;

  /** More than a pod can hold open; a peer that claims more would tilt the whole fleet's mean. */
  private static final int MAX_PLAUSIBLE = 1_000_000;

  private final CompletableFuture<OptionalInt> count = new CompletableFuture<>();
  private final ByteArrayOutputStream page = new ByteArrayOutputStream();
  private Flow.Subscription subscription;

  /** The count on this page; empty if there is none or none that a pod can have. */
  static OptionalInt parse(String page) {
    return page.lines()
        .filter(line -> line.startsWith(METRIC + " "))
        .mapToInt(line -> plausible(line.substring(METRIC.length()).trim()))
        .filter(value -> value >= 0)
        .findFirst();
  }

  private static int plausible(String value) {
    try {
      double number = Double.parseDouble(value);
      return number >= 0 && number <= MAX_PLAUSIBLE && number == Math.rint(number)
          ? (int) number
          : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  @Override
  public CompletionStage<OptionalInt> getBody() {
    return count;
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
      onError(new IOException("more than " + MAX_BYTES + " bytes for one metric"));
    }
  }

  @Override
  public void onError(Throwable t) {
    count.completeExceptionally(t);
  }

  @Override
  public void onComplete() {
    count.complete(parse(page.toString(StandardCharsets.UTF_8)));
  }
}
