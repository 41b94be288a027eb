package io.vachub.loadtest.merge;

import io.vachub.loadtest.measure.Buckets;
import io.vachub.loadtest.measure.Cause;
import io.vachub.loadtest.measure.Percentiles;
import io.vachub.loadtest.measure.Sample;
import io.vachub.loadtest.measure.Timing;
import io.vachub.loadtest.report.Report;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Aligns the samples of many load testers on one clock. Each tester's clock is moved to the nearest
 * whole interval, so that none of its samples falls into another's. The percentiles of an interval
 * are those of the worst tester, because a sample has no histogram.
 */
final class SeriesMerge {

  private SeriesMerge() {}

  static List<Sample> merge(List<Report> reports, Instant started) {
    long interval = reports.stream().mapToLong(SeriesMerge::interval).max().orElse(1);
    List<Map<Integer, List<Sample>>> byInterval = new ArrayList<>();
    int last = -1;
    for (Report report : reports) {
      double offset = Duration.between(started, report.started()).toMillis() / 1e3;
      int ahead = (int) Math.round(offset / interval);
      TreeMap<Integer, List<Sample>> own = new TreeMap<>();
      for (Sample sample : report.series()) {
        double middle = sample.seconds() - sample.intervalSeconds() / 2;
        int at = ahead + (int) (middle / interval);
        own.computeIfAbsent(at, i -> new ArrayList<>()).add(sample);
        last = Math.max(last, at);
      }
      byInterval.add(own);
    }
    Sample[] latest = new Sample[reports.size()];
    List<Sample> merged = new ArrayList<>();
    for (int at = 0; at <= last; at++) {
      List<Sample> within = new ArrayList<>();
      for (int i = 0; i < latest.length; i++) {
        for (Sample sample : byInterval.get(i).getOrDefault(at, List.of())) {
          latest[i] = sample;
          within.add(sample);
        }
      }
      merged.add(together((at + 1.0) * interval, interval, latest, within));
    }
    return merged;
  }

  /** Whole seconds from one sample to the next; a long load's are further apart. */
  private static long interval(Report report) {
    return report.series().isEmpty()
        ? 1
        : Math.max(1, Math.round(report.series().get(0).intervalSeconds()));
  }

  private static Sample together(
      double seconds, double interval, Sample[] latest, List<Sample> within) {
    int planned = 0;
    Map<String, Long> pods = new TreeMap<>();
    for (Sample sample : latest) {
      if (sample != null) {
        planned += sample.planned();
        sample.streamsByPod().forEach((pod, streams) -> pods.merge(pod, streams, Long::sum));
      }
    }
    Map<Timing, Percentiles> percentiles = new EnumMap<>(Timing.class);
    Map<Timing, Buckets> buckets = new EnumMap<>(Timing.class);
    Map<Cause, Long> causes = new TreeMap<>();
    for (Sample sample : within) {
      sample.percentiles().forEach((timing, p) -> percentiles.merge(timing, p, Percentiles::worse));
      sample.buckets().forEach((timing, b) -> buckets.merge(timing, b, Buckets::sum));
      sample.causes().forEach((cause, count) -> causes.merge(cause, count, Long::sum));
    }
    return new Sample(
        seconds,
        interval,
        planned,
        pods,
        within.stream().mapToLong(Sample::sent).sum(),
        within.stream().mapToLong(Sample::late).sum(),
        percentiles,
        buckets,
        causes,
        within.stream().mapToDouble(Sample::busiestLoop).max().orElse(0));
  }
}
