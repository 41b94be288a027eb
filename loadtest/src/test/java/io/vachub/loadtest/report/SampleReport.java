package io.vachub.loadtest.report;

import io.vachub.loadtest.account.Account;
import io.vachub.loadtest.counters.CounterIncrease;
import io.vachub.loadtest.load.HandoffConsent;
import io.vachub.loadtest.load.Load;
import io.vachub.loadtest.load.Ramp;
import io.vachub.loadtest.load.Rate;
import io.vachub.loadtest.load.Rpc;
import io.vachub.loadtest.measure.Cause;
import io.vachub.loadtest.measure.Counts;
import io.vachub.loadtest.measure.Meter;
import io.vachub.loadtest.measure.Percentiles;
import io.vachub.loadtest.measure.PodCounts;
import io.vachub.loadtest.measure.Sample;
import io.vachub.loadtest.measure.Timing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** A report with something of everything in it but acknowledgements, over thirty seconds. */
public final class SampleReport {

  private SampleReport() {}

  /** The same with this increase of the service's counters, or without one. */
  public static Report with(Optional<CounterIncrease> increase) {
    Report report = create();
    return copy(report, report.started(), report.health(), increase);
  }

  /** A report with these facts instead of its own, and not judged. */
  public static Report copy(
      Report report, Instant started, Health health, Optional<CounterIncrease> increase) {
    return new Report(
        report.target(),
        report.load(),
        started,
        report.seconds(),
        report.counts(),
        report.timings(),
        report.series(),
        report.cost(),
        health,
        report.unverified(),
        increase,
        List.of(),
        List.of());
  }

  public static Report create() {
    return of(
        new Load(
            Rpc.PROCESS,
            2,
            3,
            40,
            new Rate(5),
            32,
            Duration.ofSeconds(30),
            new Ramp(20, Duration.ofSeconds(10)),
            HandoffConsent.ACCEPT,
            "client"));
  }

  /** The same of another load. */
  public static Report of(Load load) {
    Map<Cause, Long> causes =
        Map.of(
            Cause.handoff("age"),
            3L,
            Cause.handoff("rebalance"),
            1L,
            Cause.GOAWAY,
            1L,
            Cause.REFUSED,
            2L,
            Cause.failure("INTERNAL"),
            1L);
    Map<Timing, Histogram> timings = new EnumMap<>(Timing.class);
    for (Timing timing : Timing.values()) {
      timings.put(timing, Meter.newHistogram());
    }
    timings.get(Timing.LATENESS).recordValueWithCount(700, 1_000);
    timings.get(Timing.UNCORRECTED_LATENESS).recordValueWithCount(200, 1_000);
    timings.get(Timing.OPEN).recordValue(10_000);
    timings.get(Timing.HANDOFF_GAP).recordValue(25_000);
    List<Sample> series = new ArrayList<>();
    for (int second = 1; second <= 30; second++) {
      series.add(
          new Sample(
              second,
              1,
              second < 10 ? 20 : 40,
              second < 10 ? Map.of("pod-a", 20L) : Map.of("pod-a", 30L, "pod \"b\",<x>", 10L),
              34,
              0,
              Map.of(Timing.LATENESS, new Percentiles(0.5, 0.9, 2, second)),
              second == 15 ? causes : Map.of()));
    }
    series.add(new Sample(30.2, 0.2, 0, Map.of(), 0, 0, Map.of(), Map.of()));
    return new Report(
        "127.0.0.1:50051",
        load,
        Instant.parse("2026-11-23T10:15:30Z"),
        30,
        new Counts(
            new Account(1_020, 4, 1_006, 0, 0, 10, 4),
            0,
            0,
            44,
            1,
            2,
            5,
            true,
            causes,
            Map.of(Cause.failure("INTERNAL"), Map.of("INTERNAL: no <disk> left", 1L)),
            Map.of("pod-a", new PodCounts(0, 44, 1_024, new TreeMap<>(causes)))),
        timings,
        series,
        new Cost(2.5, 120),
        new Health(0.25, 1, 0, 25, 3, 0.1),
        false,
        Optional.of(
            new CounterIncrease(
                "app_message_processed_count_total",
                List.of(
                    new CounterIncrease.Page(
                        "http://127.0.0.1:9471/metrics", 5, 1_015, 1_010, true, false)))),
        List.of(),
        List.of());
  }
}
