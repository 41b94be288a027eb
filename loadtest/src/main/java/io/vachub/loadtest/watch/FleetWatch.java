package io.vachub.loadtest.watch;

import io.vachub.loadtest.connection.SetupException;
import io.vachub.loadtest.counters.CounterSource;
import io.vachub.loadtest.counters.Exposition;
import io.vachub.loadtest.counters.MetricsClient;
import io.vachub.loadtest.measure.Cause;
import io.vachub.loadtest.measure.Sample;
import io.vachub.loadtest.measure.Series;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;

/**
 * Reads the pages of all pods at once, again and again. A name is resolved anew each time; a pod
 * that it stands for no longer is read until it does not answer. Used by one thread.
 */
public final class FleetWatch {

  private final MetricsClient client = new MetricsClient(Duration.ofSeconds(5));
  private final Map<URI, PodPage> pages = new TreeMap<>();
  private final Set<URI> gone = new LinkedHashSet<>();
  private final Series series = new Series();
  private final List<CounterSource> sources;
  private final long start = System.nanoTime();
  private Fleet fleet;
  private double lastSeconds;
  private boolean begun;

  /** A page, and when it came. */
  private record Answer(List<Exposition.Series> page, double seconds) {}

  private FleetWatch(List<CounterSource> sources) {
    this.sources = sources;
  }

  /**
   * Reads the pages for the first time.
   *
   * @throws SetupException if none of them is a page of ours, saying why
   */
  public static FleetWatch open(List<CounterSource> sources)
      throws SetupException, InterruptedException {
    FleetWatch watch = new FleetWatch(sources);
    Map<URI, String> problems = watch.readAll();
    if (watch.fleet.count(Pod.State.ANSWERS) == 0) {
      throw new SetupException(
          problems.isEmpty()
              ? "%s: no such host (expected: a name with the address of a pod)"
                  .formatted(
                      sources.stream()
                          .map(CounterSource::toString)
                          .collect(Collectors.joining(", ")))
              : problems.entrySet().stream()
                  .map(problem -> name(problem.getKey()) + ": " + problem.getValue())
                  .findFirst()
                  .orElseThrow());
    }
    return watch;
  }

  /** Reads the pages again. */
  public Fleet read() throws InterruptedException {
    readAll();
    return fleet;
  }

  /** The fleet as it was read last. */
  public Fleet fleet() {
    return fleet;
  }

  /** The fleet's samples in order, without the first reading. */
  public List<Sample> series() {
    return series.samples();
  }

  /** Why the pages that could not be read could not, by page. */
  private Map<URI, String> readAll() throws InterruptedException {
    Set<URI> known = resolve();
    double seconds = seconds();
    double interval = seconds - lastSeconds;
    lastSeconds = seconds;
    Map<URI, CompletableFuture<Answer>> answers = new LinkedHashMap<>();
    pages.keySet().stream()
        .filter(uri -> known.contains(uri) || !gone.contains(uri))
        .forEach(
            uri ->
                answers.put(uri, client.start(uri).thenApply(page -> new Answer(page, seconds()))));
    Map<URI, String> problems = new TreeMap<>();
    answers.forEach(
        (uri, answer) -> {
          PodPage page = pages.get(uri);
          gone.remove(uri);
          try {
            Answer arrived = answer.join();
            if (!page.read(arrived.page(), arrived.seconds())) {
              problems.put(
                  uri,
                  "a page without %s (expected: the metrics page of a pod of the service)"
                      .formatted(PodPage.STREAMS));
            }
          } catch (CompletionException e) {
            page.miss(known.contains(uri));
            if (!known.contains(uri)) {
              gone.add(uri);
            }
            problems.put(
                uri, client.reason(e) + " (expected: a metrics page in Prometheus' format)");
          }
        });
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    sample(seconds, interval);
    return problems;
  }

  /** Since the watch began. */
  private double seconds() {
    return (System.nanoTime() - start) / 1e9;
  }

  /** What the names stand for now; a name that stands for nothing now may again. */
  private Set<URI> resolve() {
    Set<URI> known = new LinkedHashSet<>();
    for (CounterSource source : sources) {
      try {
        known.addAll(source.pages(PodPage.METRICS));
      } catch (UnknownHostException e) {
        // Its pods show as gone once they do not answer.
      }
    }
    boolean late = begun;
    begun = true;
    known.forEach(
        uri -> pages.computeIfAbsent(uri, page -> new PodPage(name(page), late, lastSeconds)));
    return known;
  }

  private void sample(double seconds, double interval) {
    Fleet before = fleet;
    List<Pod> pods = pages.values().stream().map(PodPage::pod).toList();
    Map<String, Long> streams = new TreeMap<>();
    pods.stream()
        .filter(pod -> pod.state() == Pod.State.ANSWERS)
        .forEach(pod -> streams.put(pod.name(), pod.streams()));
    Fleet now = new Fleet(null, pods);
    Map<Cause, Long> causes = now.causes();
    if (before != null) {
      before.causes().forEach((cause, count) -> causes.merge(cause, -count, Long::sum));
    }
    causes.values().removeIf(count -> count == 0);
    Sample sample =
        new Sample(
            seconds,
            interval,
            (int) streams.values().stream().mapToLong(Long::longValue).sum(),
            streams,
            now.messages() - (before == null ? 0 : before.messages()),
            0,
            Map.of(),
            causes);
    fleet = new Fleet(sample, pods);
    if (before != null) {
      series.add(sample);
    }
  }

  private static String name(URI page) {
    return page.getAuthority();
  }
}
