package io.vachub.loadtest.counters;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Reads metrics pages. */
public final class MetricsClient {

  private final Duration patience;
  private final HttpClient http;

  /** Waits so long for a connection, and for an answer. */
  public MetricsClient(Duration patience) {
    this.patience = patience;
    this.http = HttpClient.newBuilder().connectTimeout(patience).build();
  }

  /**
   * What is on the page.
   *
   * @throws IOException if there is none, saying why
   */
  public List<Exposition.Series> read(URI page) throws IOException, InterruptedException {
    try {
      return start(page).get();
    } catch (ExecutionException e) {
      throw new IOException(reason(e.getCause()), e.getCause());
    }
  }

  /** The same without waiting for it; {@link #reason} says why there is none. */
  public CompletableFuture<List<Exposition.Series>> start(URI page) {
    HttpRequest request = HttpRequest.newBuilder(page).timeout(patience).build();
    return http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
        .thenApply(
            response -> {
              if (response.statusCode() != 200) {
                throw new CompletionException(new IOException("answers " + response.statusCode()));
              }
              return Exposition.parse(response.body());
            });
  }

  /** Why a page could not be read, in a few words. */
  public String reason(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof HttpConnectTimeoutException) {
      return "no connection within %d s".formatted(patience.toSeconds());
    }
    if (cause instanceof HttpTimeoutException) {
      return "no answer within %d s".formatted(patience.toSeconds());
    }
    if (cause instanceof UnknownHostException) {
      return "no such host";
    }
    if (cause instanceof ConnectException) {
      return "connection refused";
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }
}
