package io.vachub.loadtest.counters;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.OptionalDouble;

/** A page in Prometheus' text format that a counter is read from again and again. */
final class MetricsPage {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final URI uri;
  private final String counter;
  private double last;
  private double rise;
  private boolean found;
  private boolean gone;

  MetricsPage(URI uri, String counter) {
    this.uri = uri;
    this.counter = counter;
  }

  /** Takes the counter's value as that before the load; 0 where it is not there yet. */
  void begin(HttpClient http) throws IOException, InterruptedException {
    OptionalDouble value = value(text(http));
    found = value.isPresent();
    last = value.orElse(0);
  }

  /** Adds what the counter rose by; a counter that fell began anew with its process. */
  void read(HttpClient http) throws InterruptedException {
    try {
      OptionalDouble value = value(text(http));
      if (value.isPresent()) {
        found = true;
        double now = value.getAsDouble();
        rise += now >= last ? now - last : now;
        last = now;
      }
      gone = false;
    } catch (IOException e) {
      gone = true;
    }
  }

  Book.Page page() {
    return new Book.Page(uri.toString(), Math.round(rise), found, gone);
  }

  private String text(HttpClient http) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(PATIENCE).build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException("answers " + response.statusCode());
    }
    return response.body();
  }

  private OptionalDouble value(String text) {
    return text.lines()
        .filter(this::isSeries)
        .map(line -> line.substring(endOfLabels(line)).strip().split("\\s+")[0])
        .mapToDouble(MetricsPage::number)
        .reduce(Double::sum);
  }

  private boolean isSeries(String line) {
    return line.startsWith(counter)
        && line.length() > counter.length()
        && "{ \t".indexOf(line.charAt(counter.length())) >= 0;
  }

  /** The value of a label may hold anything, between quotes. */
  private int endOfLabels(String line) {
    if (line.charAt(counter.length()) != '{') {
      return counter.length();
    }
    boolean quoted = false;
    for (int i = counter.length(); i < line.length(); i++) {
      switch (line.charAt(i)) {
        case '\\' -> i++;
        case '"' -> quoted = !quoted;
        case '}' -> {
          if (!quoted) {
            return i + 1;
          }
        }
        default -> {
          // Part of a label.
        }
      }
    }
    return line.length();
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
