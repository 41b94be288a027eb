package io.vachub.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;

/** One exam: load testers, a watch, and what they found, in {@code target/cluster/NAME}. */
final class Exam implements AutoCloseable {

  private static final double EVEN = 1.25;

  private final String name;
  private final Release release;
  private final Path directory;
  private final Watch watch;
  private final List<LoadTester> running = new ArrayList<>();
  private final Map<String, JsonNode> accounts = new TreeMap<>();
  private final Map<String, Object> figures = new LinkedHashMap<>();
  private final Instant begin = Instant.now();
  private Instant loadEnd = Instant.MAX;

  Exam(String name, Release release) {
    this.name = name;
    this.release = release;
    directory = Path.of("target/cluster").resolve(name);
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    watch = Watch.start(release);
  }

  Release release() {
    return release;
  }

  Watch watch() {
    return watch;
  }

  /** Starts a load tester; an empty target is the release's Service. */
  void load(String tester, String target, String... flags) {
    loadByEdge(tester, target, "", flags);
  }

  /** The same, by TLS that the CA of a Secret vouches for. */
  void loadByEdge(String tester, String target, String secret, String... flags) {
    running.add(LoadTester.start(release, tester, directory, target, secret, List.of(flags)));
  }

  /** Starts a load of so many streams in all, on each target, and waits for it. */
  void loadByAllTargets(int streams) {
    int each = streams / Target.available().size();
    for (Target target : Target.available()) {
      load(target.id(), target.address(), "--channels=3", "--streams=" + each);
    }
    awaitStreams(each * Target.available().size());
  }

  void awaitStreams(int streams) {
    await(
        streams + " streams are open",
        3,
        () -> {
          running.forEach(LoadTester::assertRunning);
          return watch.last().streams() >= streams;
        });
  }

  /** Waits for something of the cluster's. */
  void await(String what, int minutes, Callable<Boolean> condition) {
    Awaitility.await(what)
        .atMost(Duration.ofMinutes(minutes))
        .pollInterval(Duration.ofSeconds(1))
        .until(condition);
  }

  /** Waits until none of the pods is leaving and all are ready, so many of them. */
  void awaitCalm(int pods) {
    awaitCalm(now -> now == pods);
  }

  /** The same, however many they are. */
  void awaitCalm() {
    awaitCalm(now -> true);
  }

  private void awaitCalm(IntPredicate enough) {
    await(
        "the pods are calm",
        6,
        () -> {
          List<Watch.Pod> now = watch.last().pods();
          return now.stream().allMatch(pod -> pod.ready() && !pod.leaving())
              && enough.test(now.size());
        });
  }

  /** Lets time pass under load. */
  void hold(Duration time) {
    Instant end = Instant.now().plus(time);
    Awaitility.await()
        .atMost(time.plusMinutes(1))
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> Instant.now().isAfter(end));
  }

  /** Does something under load, and notes how long it took and what it moved. */
  void event(String what, Runnable action) {
    Watch.Sample before = watch.sample();
    action.run();
    Watch.Sample after = watch.sample();
    figure(what + ": seconds", Duration.between(before.time(), after.time()).toSeconds());
    long moved = handedOff(after) - handedOff(before);
    figure(what + ": handoffs", moved);
    if (before.streams() > 0) {
      figure(what + ": handoffs a stream", round((double) moved / before.streams()));
    }
  }

  /** Rolls the pods out under load, as an event. */
  void rollOut() {
    event(
        "rollout",
        () -> {
          release.kubectl("rollout", "restart", "deployment/vac-hub");
          release.kubectl("rollout", "status", "deployment/vac-hub", "--timeout=8m");
          awaitCalm();
        });
  }

  void figure(String what, Object value) {
    figures.put(what, value);
  }

  /** Ends one of the load testers. */
  void stop(String tester) {
    running.stream().filter(t -> t.name().equals(tester)).findFirst().ifPresent(this::stop);
  }

  private void stop(LoadTester tester) {
    running.remove(tester);
    accounts.put(tester.name(), tester.stop());
  }

  /** Ends the load and takes down the accounts. */
  void settle() {
    loadEnd = Instant.now();
    List.copyOf(running).forEach(this::stop);
    Watch.Sample last = watch.sample();
    for (String key : List.of("sent", "processed", "lost", "doubled", "unknown", "unsettled")) {
      figure("messages " + key, account(key));
    }
    figure("streams cut, by the clients", cut());
    figure("streams cut, by the pods", last.rise("vachub_streams_cut_total"));
    figure("messages counted by the pods", last.rise("app_message_processed_count_total"));
    figure("the pods' count is complete", watch.isComplete());
    for (String reason : List.of("rebalance", "drain", "age", "connection_age")) {
      figure("handed off: " + reason, handedOff(last, reason));
    }
    figure("refused", last.rise("vachub_streams_rejected_total"));
    figure(
        "peak on one pod",
        watch.samples().stream().mapToInt(Watch.Sample::fullest).max().orElse(0));
  }

  /** By both books nothing was cut, lost or doubled, and no container was started again. */
  void assertNothingLost() {
    Watch.Sample last = watch.last();
    SoftAssertions softly = new SoftAssertions();
    softly.assertThat(account("sent")).as("sent").isPositive();
    for (String key : List.of("lost", "doubled", "unknown", "unsettled")) {
      softly.assertThat(account(key)).as("messages " + key).isZero();
    }
    softly.assertThat(cut()).as("streams cut, by the clients").isZero();
    softly.assertThat(neverOpened()).as("streams that never opened").isZero();
    assertCutByNoPod(softly);
    var counted =
        softly
            .assertThat(last.rise("app_message_processed_count_total"))
            .as("messages counted by the pods, beside those that clients know of");
    if (watch.isComplete()) {
      counted.isEqualTo(account("processed"));
    } else {
      counted.isLessThanOrEqualTo(account("processed"));
    }
    softly.assertThat(restarts()).as("containers started again").isZero();
    softly.assertAll();
  }

  /** Exactly the streams of a pod with so many were cut. */
  void assertOnlyCut(int streams) {
    figure("streams on the pod", streams);
    SoftAssertions softly = new SoftAssertions();
    softly.assertThat(cut()).as("streams cut, by the clients").isBetween(1L, (long) streams);
    softly.assertThat(account("lost")).as("lost").isZero();
    softly.assertThat(account("doubled")).as("doubled").isZero();
    softly.assertThat(neverOpened()).as("streams that never opened").isZero();
    assertCutByNoPod(softly);
    softly.assertAll();
  }

  /** No pod that is still there, or that left well, ended a stream badly or saw one end so. */
  private void assertCutByNoPod(SoftAssertions softly) {
    Watch.Sample last = watch.last();
    softly.assertThat(last.rise("vachub_streams_cut_total")).as("cut, by the pods").isZero();
    for (String ending : List.of("server_error", "forced", "connection_lost", "client_error")) {
      softly
          .assertThat(last.rise("vachub_streams_ended_total", "\"" + ending + "\""))
          .as("streams ended: " + ending)
          .isZero();
    }
  }

  /** Notes when there were enough ready pods after each step, and how even they were. */
  void noteScaling(int streams, int mostPods, List<Instant> steps) {
    List<Watch.Sample> samples =
        watch.samples().stream().filter(sample -> sample.time().isBefore(loadEnd)).toList();
    List<Long> enough = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      Instant from = steps.get(i);
      int needed = Math.min(mostPods, (int) Math.ceil((i + 1.0) * streams / steps.size() / 15));
      enough.add(
          samples.stream()
              .filter(s -> s.time().isAfter(from) && s.ready() >= needed)
              .findFirst()
              .map(s -> Duration.between(from, s.time()).toSeconds())
              .orElse(-1L));
    }
    figure("seconds to enough ready pods after each step", enough);
    Instant last = steps.get(steps.size() - 1);
    List<Watch.Sample> after = samples.stream().filter(s -> s.time().isAfter(last)).toList();
    Instant uneven =
        after.stream()
            .filter(s -> s.maxOverMean() > EVEN)
            .map(Watch.Sample::time)
            .reduce((a, b) -> b)
            .orElse(last);
    figure(
        "seconds until max/mean stayed at 1.25 or below",
        Duration.between(last, uneven).toSeconds());
    figure(
        "max/mean from then on",
        round(
            after.stream()
                .filter(s -> s.time().isAfter(uneven))
                .mapToDouble(Watch.Sample::maxOverMean)
                .average()
                .orElse(Double.NaN)));
    List<Long> starts =
        samples.stream()
            .flatMap(s -> s.pods().stream())
            .filter(pod -> pod.startToReady().isPresent())
            .collect(
                Collectors.toMap(
                    Watch.Pod::name, pod -> pod.startToReady().get().toSeconds(), (a, b) -> a))
            .values()
            .stream()
            .sorted()
            .toList();
    figure("seconds from a container's start to ready", starts);
    assertThat(after.get(after.size() - 1).maxOverMean())
        .as("max/mean at the end")
        .isLessThanOrEqualTo(EVEN);
  }

  /** Notes the CPU and the memory of the pods, where the cluster has metrics-server. */
  void noteUsage() {
    release
        .kubernetes()
        .find(
            "/apis/metrics.k8s.io/v1beta1/namespaces/%s/pods?labelSelector=app%%3Dvac-hub"
                .formatted(release.namespace()))
        .map(list -> list.path("items"))
        .ifPresent(
            pods -> {
              figure("CPU of a pod, thousandths", usage(pods, "cpu"));
              figure("memory of a pod, MiB", usage(pods, "memory"));
            });
  }

  private static List<Long> usage(JsonNode pods, String resource) {
    return pods.valueStream()
        .map(pod -> pod.path("containers").path(0).path("usage").path(resource).asString("0"))
        .map(Exam::thousandthsOrMebibytes)
        .sorted()
        .toList();
  }

  private static long thousandthsOrMebibytes(String quantity) {
    long number = Long.parseLong(quantity.replaceAll("\\D", ""));
    return switch (quantity.replaceAll("\\d", "")) {
      case "n" -> number / 1_000_000;
      case "u" -> number / 1_000;
      case "m", "Mi" -> number;
      case "Ki" -> number / 1024;
      default -> number >> 20;
    };
  }

  long cut() {
    return accounts.values().stream()
        .map(report -> report.path("reconnects"))
        .mapToLong(
            reconnects ->
                reconnects.path("goaway").asLong()
                    + reconnects.path("reset").asLong()
                    + reconnects.path("cut").valueStream().mapToLong(JsonNode::asLong).sum())
        .sum();
  }

  long account(String key) {
    return accounts.values().stream().mapToLong(r -> r.path("account").path(key).asLong()).sum();
  }

  private long neverOpened() {
    return accounts.values().stream()
        .mapToLong(report -> report.path("streams_never_opened").asLong())
        .sum();
  }

  private int restarts() {
    Map<String, Integer> before = new TreeMap<>();
    return watch.samples().stream()
        .flatMap(sample -> sample.pods().stream())
        .mapToInt(pod -> pod.restarts() - before.computeIfAbsent(pod.name(), n -> pod.restarts()))
        .max()
        .orElse(0);
  }

  private static long handedOff(Watch.Sample sample, String... reason) {
    return reason.length == 0
        ? sample.rise("vachub_streams_handed_off_total")
        : sample.rise("vachub_streams_handed_off_total", "\"" + reason[0] + "\"");
  }

  private static double round(double value) {
    return Math.round(value * 100) / 100.0;
  }

  /** Stops what still runs, prints the figures, and leaves them as JSON with the time series. */
  @Override
  public void close() {
    for (LoadTester tester : running) {
      release.kubectl("delete", "pod", tester.name(), "--now", "--ignore-not-found");
    }
    watch.close();
    List<Map<String, Object>> series = new ArrayList<>();
    StringBuilder table = new StringBuilder("\n" + name + "\n\n");
    table.append("  second  streams  needed  desired  ready  fullest  max/mean  handoffs\n");
    long next = 0;
    for (Watch.Sample s : watch.samples()) {
      long second = Duration.between(begin, s.time()).toSeconds();
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("second", second);
      row.put("streams", s.streams());
      row.put("needed", (int) Math.ceil(s.streams() / 15.0));
      row.put("desired", s.desired());
      row.put("ready", s.ready());
      row.put("fullest", s.fullest());
      row.put("max_over_mean", round(s.maxOverMean()));
      row.put("handoffs", handedOff(s));
      series.add(row);
      if (second >= next) {
        next = second + 15;
        table.append(
            "  %6d  %7d  %6d  %7d  %5d  %7d  %8.2f  %8d%n".formatted(row.values().toArray()));
      }
    }
    table.append('\n');
    figures.forEach((what, value) -> table.append("  %-50s %s%n".formatted(what, value)));
    System.out.println(table);
    try {
      Files.writeString(directory.resolve("table.txt"), table);
      Files.writeString(
          directory.resolve("figures.json"),
          Kubernetes.JSON
              .writerWithDefaultPrettyPrinter()
              .writeValueAsString(
                  Map.of(
                      "exam",
                      name,
                      "begin",
                      begin.toString(),
                      "figures",
                      figures,
                      "series",
                      series)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
