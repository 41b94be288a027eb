package io.vachub.loadtest.report;

import io.vachub.loadtest.counters.CounterIncrease;
import io.vachub.loadtest.load.Load;
import io.vachub.loadtest.measure.Counts;
import io.vachub.loadtest.measure.Sample;
import io.vachub.loadtest.measure.Timing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/**
 * The result of a load.
 *
 * @param target what was loaded, as the user named it
 * @param load the load
 * @param started when it began
 * @param seconds how long it lasted, without the time to settle the accounts
 * @param counts what was counted
 * @param timings what was timed, in microseconds
 * @param series its samples in order
 * @param cost what the load tester itself used
 * @param health whether the load tester itself kept up
 * @param unverified whether nobody looked at the servers' certificates
 * @param increase what the service's own counters say; empty where nobody asked
 * @param outcomes the results of the user's assertions
 * @param findings what the load has and should not have
 */
public record Report(
    String target,
    Load load,
    Instant started,
    double seconds,
    Counts counts,
    Map<Timing, Histogram> timings,
    List<Sample> series,
    Cost cost,
    Health health,
    boolean unverified,
    Optional<CounterIncrease> increase,
    List<Outcome> outcomes,
    List<Finding> findings) {

  /** The same report, judged. */
  public Report with(List<Outcome> judged, List<Finding> found) {
    return new Report(
        target,
        load,
        started,
        seconds,
        counts,
        timings,
        series,
        cost,
        health,
        unverified,
        increase,
        List.copyOf(judged),
        List.copyOf(found));
  }

  /** Whether all assertions hold and nothing was found that is not allowed. */
  public boolean passed() {
    return outcomes.stream().allMatch(Outcome::passed)
        && findings.stream().allMatch(Finding::allowed);
  }

  /** What a reader of the figures must know, a sentence each. */
  public List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (unverified) {
      notes.add(
          "NOT VERIFIED: the server's certificate was not checked " + "(--insecure-skip-verify)");
    }
    if (!load.rpc().answersEachMessage() && load.rate().paced()) {
      notes.add(
          load.rpc().method()
              + " answers once, at its end: lateness says when messages left here, not how long a"
              + " user waits, and a server that stands still does not show in it (--rpc"
              + " acknowledge times every message)");
    }
    notes.addAll(health.notes(timings));
    increase.filter(read -> !read.complete()).ifPresent(read -> notes.add(incomplete(read)));
    return notes;
  }

  private static String incomplete(CounterIncrease increase) {
    return increase.found()
        ? "the service's counters are not complete: %s did not answer at the end"
            .formatted(
                increase.pages().stream()
                    .filter(CounterIncrease.Page::gone)
                    .map(CounterIncrease.Page::url)
                    .collect(Collectors.joining(", ")))
        : "the service's counters are missing: %s is on none of the metrics pages"
            .formatted(increase.counter());
  }

  /** Messages sent per second of the load. */
  public double rate() {
    return seconds > 0 ? counts.account().sent() / seconds : 0;
  }

  /** Messages sent per second of processor time that the load tester used. */
  public double messagesPerCpuSecond() {
    return cost.cpuSeconds() > 0 ? counts.account().sent() / cost.cpuSeconds() : 0;
  }

  /** Pods that served streams at the end of the load. */
  public int pods() {
    return atEnd() == null ? 0 : atEnd().streamsByPod().size();
  }

  /** The fullest pod over the mean at the end of the load; 0 where no stream was open. */
  public double maxOverMean() {
    return atEnd() == null ? 0 : atEnd().maxOverMean();
  }

  /** The fullest pod over the mean, averaged over the time in which streams were open. */
  public double averageMaxOverMean() {
    double weighted = 0;
    double time = 0;
    for (Sample sample : series) {
      if (sample.open() > 0) {
        weighted += sample.maxOverMean() * sample.intervalSeconds();
        time += sample.intervalSeconds();
      }
    }
    return time > 0 ? weighted / time : 0;
  }

  /** The last sample of the load; what follows it is the settling of accounts. */
  private Sample atEnd() {
    Sample last = null;
    for (Sample sample : series) {
      if (sample.seconds() <= seconds) {
        last = sample;
      }
    }
    return last;
  }
}
