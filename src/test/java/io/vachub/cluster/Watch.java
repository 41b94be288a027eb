package io.vachub.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** What the API server and the pods' own pages say of a release, every two seconds. */
final class Watch implements AutoCloseable {

  /** A pod at a moment; streams are those of its last answer, 0 before the first. */
  record Pod(
      String name,
      String node,
      boolean ready,
      boolean leaving,
      int restarts,
      Optional<Duration> startToReady,
      int streams) {}

  /** A moment. {@code desired} is the autoscaler's. */
  record Sample(Instant time, int desired, List<Pod> pods, Map<String, Double> counters) {

    int ready() {
      return (int) serving().count();
    }

    int streams() {
      return pods.stream().mapToInt(Pod::streams).sum();
    }

    int fullest() {
      return serving().mapToInt(Pod::streams).max().orElse(0);
    }

    double maxOverMean() {
      double mean = serving().mapToInt(Pod::streams).average().orElse(0);
      return mean == 0 ? 1 : fullest() / mean;
    }

    /** The rise since the watch began of all counters whose series contains each of these texts. */
    long rise(String... texts) {
      return Math.round(
          counters.entrySet().stream()
              .filter(series -> Stream.of(texts).allMatch(series.getKey()::contains))
              .mapToDouble(Map.Entry::getValue)
              .sum());
    }

    private Stream<Pod> serving() {
      return pods.stream().filter(pod -> pod.ready && !pod.leaving);
    }
  }

  private static final String STREAMS = "grpc_server_active_streams";

  /** Does not count as a scrape, for which a leaving pod waits. */
  private static final String QUERY =
      Stream.of(
              STREAMS,
              "app_message_processed_count",
              "vachub_streams_handed_off",
              "vachub_streams_rejected",
              "vachub_streams_ended",
              "vachub_streams_cut")
          .map(name -> "includedNames=" + name)
          .collect(Collectors.joining("&"));

  private static final Pattern SERIES = Pattern.compile("(?m)^([a-z]\\w+(?:\\{.*})?) (\\S+)$");

  private final Release release;
  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final List<Sample> samples = new ArrayList<>();
  private final Map<String, Map<String, Double>> pages = new HashMap<>();
  private final Map<String, Double> counters = new TreeMap<>();

  private Watch(Release release) {
    this.release = release;
  }

  static Watch start(Release release) {
    Watch watch = new Watch(release);
    watch.sample();
    watch.thread.scheduleWithFixedDelay(watch::sampleOrSkip, 2, 2, TimeUnit.SECONDS);
    return watch;
  }

  synchronized List<Sample> samples() {
    return List.copyOf(samples);
  }

  synchronized Sample last() {
    return samples.get(samples.size() - 1);
  }

  /**
   * Whether the counters are all that the pods counted. What a pod counts between its last page and
   * its end is in no book; nothing is missing if that page shows no stream.
   */
  synchronized boolean isComplete() {
    List<String> present = last().pods().stream().map(Pod::name).toList();
    return pages.entrySet().stream()
        .filter(page -> !present.contains(page.getKey()))
        .allMatch(page -> page.getValue().getOrDefault(STREAMS, 0.0) == 0);
  }

  private void sampleOrSkip() {
    try {
      sample();
    } catch (RuntimeException e) {
      // The API server did not answer; the next sample is soon.
    }
  }

  /** Reads everything now. */
  synchronized Sample sample() {
    JsonNode found = release.pods();
    Map<String, CompletableFuture<Optional<String>>> read = new HashMap<>();
    for (JsonNode pod : found) {
      if (pod.path("status").path("phase").asString().equals("Running")) {
        String name = pod.path("metadata").path("name").asString();
        String path = "%s/pods/%s:9464/proxy/actuator/prometheus?%s";
        read.put(name, release.kubernetes().text(path.formatted(release.api(), name, QUERY)));
      }
    }
    boolean first = samples.isEmpty();
    List<Pod> pods = new ArrayList<>();
    for (JsonNode pod : found) {
      String name = pod.path("metadata").path("name").asString();
      Optional<String> page =
          read.getOrDefault(name, CompletableFuture.completedFuture(Optional.empty())).join();
      page.ifPresent(text -> count(name, parse(text), first));
      int streams = pages.getOrDefault(name, Map.of()).getOrDefault(STREAMS, 0.0).intValue();
      pods.add(pod(pod, page.isPresent() || !isReady(pod) ? streams : 0));
    }
    Sample sample =
        new Sample(
            Instant.now(),
            release.autoscaler().path("status").path("desiredReplicas").asInt(0),
            pods,
            Map.copyOf(counters));
    samples.add(sample);
    return sample;
  }

  private void count(String pod, Map<String, Double> page, boolean first) {
    Map<String, Double> before = pages.getOrDefault(pod, first ? page : Map.of());
    page.forEach(
        (series, value) -> {
          if (!series.equals(STREAMS)) {
            double was = before.getOrDefault(series, 0.0);
            // A container that was started again counts from 0.
            counters.merge(series, value >= was ? value - was : value, Double::sum);
          }
        });
    pages.put(pod, page);
  }

  private static Map<String, Double> parse(String page) {
    Map<String, Double> series = new HashMap<>();
    Matcher line = SERIES.matcher(page);
    while (line.find()) {
      series.put(line.group(1), Double.valueOf(line.group(2)));
    }
    return series;
  }

  private static Pod pod(JsonNode pod, int streams) {
    JsonNode container = pod.path("status").path("containerStatuses").path(0);
    String started = container.path("state").path("running").path("startedAt").asString("");
    Optional<Duration> startToReady =
        isReady(pod) && !started.isEmpty()
            ? Optional.of(Duration.between(Instant.parse(started), readySince(pod)))
            : Optional.empty();
    return new Pod(
        pod.path("metadata").path("name").asString(),
        pod.path("spec").path("nodeName").asString(""),
        isReady(pod),
        pod.path("metadata").has("deletionTimestamp"),
        container.path("restartCount").asInt(0),
        startToReady,
        streams);
  }

  private static boolean isReady(JsonNode pod) {
    return readyCondition(pod).path("status").asString("").equals("True");
  }

  private static Instant readySince(JsonNode pod) {
    return Instant.parse(readyCondition(pod).path("lastTransitionTime").asString());
  }

  private static JsonNode readyCondition(JsonNode pod) {
    return pod.path("status")
        .path("conditions")
        .valueStream()
        .filter(condition -> condition.path("type").asString().equals("Ready"))
        .findFirst()
        .orElse(Kubernetes.JSON.createObjectNode());
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
