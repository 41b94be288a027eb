package io.vachub.loadtest.merge;

import io.vachub.loadtest.counters.CounterIncrease;
import io.vachub.loadtest.load.Course;
import io.vachub.loadtest.load.Load;
import io.vachub.loadtest.load.LoadCurve;
import io.vachub.loadtest.load.Ramp;
import io.vachub.loadtest.measure.Counts;
import io.vachub.loadtest.measure.Meter;
import io.vachub.loadtest.measure.Sample;
import io.vachub.loadtest.measure.Timing;
import io.vachub.loadtest.report.Cost;
import io.vachub.loadtest.report.Health;
import io.vachub.loadtest.report.Report;
import io.vachub.loadtest.report.ReportText.Named;
import io.vachub.loadtest.report.Setup;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/**
 * Makes one report of those of many load testers. What was counted adds up, and percentiles are
 * those of all values together.
 */
public final class ReportMerge {

  private final List<Report> reports;

  private ReportMerge(List<Report> reports) {
    this.reports = reports;
  }

  /**
   * The report of all load testers together, not yet judged.
   *
   * @param reports one or more, each with its name
   * @throws IllegalArgumentException saying which of them does not fit, and why
   */
  public static Report merge(List<Named> reports) {
    requireFitting(reports);
    return new ReportMerge(reports.stream().map(Named::report).toList()).merged();
  }

  private static void requireFitting(List<Named> reports) {
    Named first = reports.get(0);
    Map<String, String> wanted = Setup.of(first.report());
    Map<String, Named> seen = new HashMap<>();
    for (Named one : reports) {
      Map<String, String> setup = Setup.of(one.report());
      for (String fact : Setup.OF_A_MESSAGE) {
        if (!setup.get(fact).equals(wanted.get(fact))) {
          throw new IllegalArgumentException(
              "%s: %s %s (expected: %s, as in %s)"
                  .formatted(one.name(), fact, setup.get(fact), wanted.get(fact), first.name()));
        }
      }
      Named same = seen.put(one.report().started() + one.report().load().clientId(), one);
      if (same != null) {
        throw new IllegalArgumentException(
            "%s: the same report as %s (expected: each load tester once)"
                .formatted(one.name(), same.name()));
      }
    }
    requireSameTime(reports);
  }

  private static void requireSameTime(List<Named> reports) {
    Comparator<Named> byEnd = Comparator.comparing(one -> end(one.report()));
    Comparator<Named> byStart = Comparator.comparing(one -> one.report().started());
    Named earliest = reports.stream().min(byEnd).orElseThrow();
    Named latest = reports.stream().max(byStart).orElseThrow();
    if (!latest.report().started().isBefore(end(earliest.report()))) {
      throw new IllegalArgumentException(
          "%s: began at %s (expected: while %s ran, which ended at %s)"
              .formatted(
                  latest.name(),
                  latest.report().started(),
                  earliest.name(),
                  end(earliest.report())));
    }
  }

  private static Instant end(Report report) {
    return report.started().plusMillis(Math.round(report.seconds() * 1e3));
  }

  private Report merged() {
    Report first = reports.get(0);
    Instant started = reports.stream().map(Report::started).min(Instant::compareTo).orElseThrow();
    Instant ended = reports.stream().map(ReportMerge::end).max(Instant::compareTo).orElseThrow();
    double seconds = Duration.between(started, ended).toMillis() / 1e3;
    List<Sample> series = SeriesMerge.merge(reports, started);
    return new Report(
        first.target(),
        load(started, series, Duration.between(started, ended)),
        started,
        seconds,
        reports.stream().map(Report::counts).reduce(Counts.NONE, Counts::plus),
        timings(),
        series,
        new Cost(
            reports.stream().mapToDouble(report -> report.cost().cpuSeconds()).sum(),
            reports.stream().mapToLong(report -> report.cost().peakMemoryMib()).sum()),
        health(),
        reports.stream().anyMatch(Report::unverified),
        reports.stream()
            .map(Report::increase)
            .flatMap(Optional::stream)
            .reduce(CounterIncrease::and),
        List.of(),
        List.of());
  }

  private Load load(Instant started, List<Sample> series, Duration lasted) {
    Load first = reports.get(0).load();
    List<Load> loads = reports.stream().map(Report::load).toList();
    Optional<Ramp> ramp = commonRamp(started);
    Optional<LoadCurve> curve =
        ramp.isPresent() ? Optional.empty() : Optional.of(planned(series, lasted));
    return new Load(
        first.rpc(),
        loads.stream().mapToInt(Load::clients).sum(),
        first.channels(),
        loads.stream().mapToInt(Load::streams).sum(),
        first.rate(),
        first.messageBytes(),
        loads.stream().map(Load::duration).max(Duration::compareTo).orElseThrow(),
        ramp.orElse(Ramp.NONE),
        first.consent(),
        loads.stream().map(Load::clientId).distinct().collect(Collectors.joining(", ")),
        new Course(curve, first.course().lifetime()));
  }

  /** The sum of all ramps, if their steps are at the same times. */
  private Optional<Ramp> commonRamp(Instant started) {
    Duration every = reports.get(0).load().ramp().every();
    boolean common =
        reports.stream()
            .allMatch(
                report ->
                    report.load().course().curve().isEmpty()
                        && report.load().ramp().every().equals(every)
                        && Duration.between(started, report.started()).toMillis() < 500);
    long streams = reports.stream().mapToLong(report -> report.load().ramp().streams()).sum();
    return common
        ? Optional.of(new Ramp((int) Math.min(Integer.MAX_VALUE, streams), every))
        : Optional.empty();
  }

  private static LoadCurve planned(List<Sample> series, Duration lasted) {
    TreeMap<Long, Integer> steps = new TreeMap<>();
    for (Sample sample : series) {
      long begin = Math.round((sample.seconds() - sample.intervalSeconds()) * 1e3);
      if (begin < lasted.toMillis()) {
        steps.put(begin, sample.planned());
      }
    }
    return LoadCurve.steps(steps, lasted);
  }

  private Map<Timing, Histogram> timings() {
    Map<Timing, Histogram> all = new EnumMap<>(Timing.class);
    for (Timing timing : Timing.values()) {
      Histogram sum = Meter.newHistogram();
      reports.forEach(report -> sum.add(report.timings().get(timing)));
      all.put(timing, sum);
    }
    return all;
  }

  /** That of the load tester that was behind most, because its figures are part of the sum. */
  private Health health() {
    List<Health> all = reports.stream().map(Report::health).toList();
    Health worst =
        all.stream()
            .max(Comparator.comparingDouble(it -> it.judged() > 0 ? it.behind() / it.judged() : 0))
            .orElseThrow();
    return new Health(
        all.stream().mapToDouble(Health::busiestLoop).max().orElse(0),
        worst.warmingBehind(),
        worst.behind(),
        worst.judged(),
        all.stream().mapToLong(Health::gcCount).sum(),
        all.stream().mapToDouble(Health::gcSeconds).sum());
  }
}
