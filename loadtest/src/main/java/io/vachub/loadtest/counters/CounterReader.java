package io.vachub.loadtest.counters;

import io.vachub.loadtest.connection.SetupException;
import java.io.IOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Reads a counter of the service before a load, each five seconds, for pods that come and go, and
 * after it. A page that appears later is that of a new pod, whose counter began at 0.
 */
public final class CounterReader implements AutoCloseable {

  private static final long INTERVAL_SECONDS = 5;

  private final MetricsClient client = new MetricsClient(Duration.ofSeconds(5));
  private final ScheduledExecutorService reader =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "counters");
            thread.setDaemon(true);
            return thread;
          });
  private final Map<URI, MetricsPage> pages = new LinkedHashMap<>();
  private final List<CounterSource> sources;
  private final String counter;

  private CounterReader(List<CounterSource> sources, String counter) {
    this.sources = sources;
    this.counter = counter;
  }

  /**
   * Reads every page once, and then again and again.
   *
   * @throws SetupException if one does not answer, with the reason
   */
  public static CounterReader open(List<CounterSource> sources, String counter)
      throws SetupException, InterruptedException {
    CounterReader reader = new CounterReader(sources, counter);
    reader.begin();
    reader.reader.scheduleWithFixedDelay(
        reader::read, INTERVAL_SECONDS, INTERVAL_SECONDS, TimeUnit.SECONDS);
    return reader;
  }

  private synchronized void begin() throws SetupException, InterruptedException {
    for (CounterSource source : sources) {
      try {
        for (URI uri : source.pages(List.of(counter))) {
          MetricsPage page = new MetricsPage(uri, counter);
          page.begin(client);
          pages.put(uri, page);
        }
      } catch (IOException e) {
        close();
        throw new SetupException(
            "--counters: %s: %s (expected: a metrics page in Prometheus' format)"
                .formatted(source, client.reason(e)));
      }
    }
  }

  private synchronized void read() {
    try {
      for (CounterSource source : sources) {
        try {
          source.pages(List.of(counter)).forEach(uri -> pages.computeIfAbsent(uri, this::late));
        } catch (UnknownHostException e) {
          // The pages known by now are read all the same.
        }
      }
      for (MetricsPage page : pages.values()) {
        page.read(client);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private MetricsPage late(URI uri) {
    return new MetricsPage(uri, counter);
  }

  /** Reads every page a last time. */
  public synchronized CounterIncrease finish() {
    read();
    return new CounterIncrease(counter, pages.values().stream().map(MetricsPage::page).toList());
  }

  @Override
  public void close() {
    reader.shutdownNow();
  }
}
