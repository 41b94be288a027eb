package io.vachub.loadtest.counters;

import java.io.IOException;
import java.net.URI;
import java.util.OptionalDouble;

/** A page that a counter is read from again and again. */
final class MetricsPage {

  private final URI uri;
  private final String counter;
  private double before;
  private double last;
  private double rise;
  private boolean found;
  private boolean gone;

  MetricsPage(URI uri, String counter) {
    this.uri = uri;
    this.counter = counter;
  }

  /** Takes the counter's value as that before the load; 0 where it is not there yet. */
  void begin(MetricsClient client) throws IOException, InterruptedException {
    OptionalDouble value = value(client);
    found = value.isPresent();
    before = value.orElse(0);
    last = before;
  }

  /** Adds the counter's increase; a counter that fell was reset with its process. */
  void read(MetricsClient client) throws InterruptedException {
    try {
      OptionalDouble value = value(client);
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

  CounterIncrease.Page page() {
    String url = uri.toString().replaceFirst("\\?includedNames=.*", "");
    return new CounterIncrease.Page(
        url, Math.round(before), Math.round(last), Math.round(rise), found, gone);
  }

  private OptionalDouble value(MetricsClient client) throws IOException, InterruptedException {
    return client.read(uri).stream()
        .filter(series -> series.name().equals(counter))
        .mapToDouble(Exposition.Series::value)
        .reduce(Double::sum);
  }
}
