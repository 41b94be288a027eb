package io.vachub.loadtest.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vachub.loadtest.account.Account;
import io.vachub.loadtest.counters.CounterIncrease;
import io.vachub.loadtest.load.Load;
import io.vachub.loadtest.load.LoadCurve;
import io.vachub.loadtest.load.Ramp;
import io.vachub.loadtest.load.Rate;
import io.vachub.loadtest.measure.Cause;
import io.vachub.loadtest.measure.Sample;
import io.vachub.loadtest.measure.Timing;
import io.vachub.loadtest.report.Health;
import io.vachub.loadtest.report.JsonReport;
import io.vachub.loadtest.report.Report;
import io.vachub.loadtest.report.ReportReader;
import io.vachub.loadtest.report.ReportText.Named;
import io.vachub.loadtest.report.SampleReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class ReportMergeTest {

  private final Report first = SampleReport.create();

  @Test
  void whatWasCountedAddsUp() {
    Report merged = merge(first, later(0, load("other", 5, first.load().ramp())));

    assertThat(merged.counts().account()).isEqualTo(new Account(2_040, 8, 2_012, 0, 0, 20, 8));
    assertThat(merged.counts().causes()).containsEntry(Cause.handoff("age"), 6L);
    assertThat(merged.counts().texts())
        .containsEntry(Cause.failure("INTERNAL"), Map.of("INTERNAL: no <disk> left", 2L));
    assertThat(merged.load().streams()).isEqualTo(80);
    assertThat(merged.load().ramp()).isEqualTo(new Ramp(40, Duration.ofSeconds(10)));
    assertThat(merged.load().clientId()).isEqualTo("client, other");
    assertThat(merged.cost().cpuSeconds()).isEqualTo(5);
    assertThat(merged.rate()).isEqualTo(68);
  }

  /** The mean of both p99 would be 50 ms and a bit. */
  @Test
  void percentilesAreThoseOfAllValuesTogether() {
    Report slow = later(0, load("slow", 5, first.load().ramp()));
    first.timings().get(Timing.ACKNOWLEDGE).recordValueWithCount(1_000, 990);
    slow.timings().get(Timing.ACKNOWLEDGE).recordValueWithCount(100_000, 10);

    Histogram both = merge(first, slow).timings().get(Timing.ACKNOWLEDGE);

    assertThat(both.getTotalCount()).isEqualTo(1_000);
    assertThat(both.getValueAtPercentile(99)).isEqualTo(1_000);
    assertThat(both.getValueAtPercentile(99.1)).isBetween(100_000L, 100_100L);
  }

  @Test
  void theSeriesAreLaidOnOneClock() {
    Report merged = merge(first, later(10_300, load("late", 5, first.load().ramp())));

    List<Sample> series = merged.series();
    assertThat(series).extracting(Sample::seconds).startsWith(1.0, 2.0).endsWith(40.0, 41.0);
    assertThat(series.get(4).planned()).isEqualTo(20);
    assertThat(series.get(14).planned()).isEqualTo(60);
    assertThat(series.get(14).streamsByPod()).containsEntry("pod-a", 50L);
    assertThat(series.get(14).sent()).isEqualTo(68);
    assertThat(series.get(35).planned()).as("the first is over").isEqualTo(40);
    assertThat(series.get(40).streamsByPod()).isEmpty();
    assertThat(series.stream().mapToLong(Sample::sent).sum())
        .isEqualTo(2 * first.series().stream().mapToLong(Sample::sent).sum());
    assertThat(merged.seconds()).isEqualTo(40.3);
    assertThat(merged.pods()).isEqualTo(2);
  }

  @Test
  void loadsThatClimbAtDifferentTimesAreACurve() {
    Report merged = merge(first, later(10_000, load("late", 5, Ramp.NONE)));

    LoadCurve curve = merged.load().course().curve().orElseThrow();
    assertThat(curve.streamsAt(5)).isEqualTo(20);
    assertThat(curve.streamsAt(15)).isEqualTo(60);
    assertThat(curve.streamsAt(39)).isEqualTo(40);
  }

  @Test
  void aLoadTesterThatWasTheBottleneckIsOneInTheSum() {
    Report starved = with(first, new Health(0.99, 5, 20, 25, 1, 0.5), first.increase());
    Report merged = merge(first, later(0, load("a", 5, first.load().ramp())), named(starved, "b"));

    assertThat(merged.health()).isEqualTo(new Health(0.99, 5, 20, 25, 7, 0.7));
    assertThat(merged.notes()).anyMatch(note -> note.contains("was the bottleneck"));
  }

  /** One read the counter from 100 to 700, the other a little later from 150 to 800. */
  @Test
  void theCountersIncreaseIsThatFromTheFirstReadingToTheLast() {
    Report merged =
        merge(
            with(first, first.health(), increase(100, 700, 600)),
            named(with(first, first.health(), increase(150, 800, 650)), "b"));

    assertThat(merged.increase().orElseThrow().total()).isEqualTo(700);
    assertThat(merged.increase().orElseThrow().complete()).isTrue();
  }

  @Test
  void aCounterThatBeganAnewMakesTheBookIncomplete() {
    Report merged =
        merge(
            with(first, first.health(), increase(1_000, 200, 250)),
            named(with(first, first.health(), increase(10, 200, 190)), "b"));

    assertThat(merged.increase().orElseThrow().total()).isEqualTo(250);
    assertThat(merged.increase().orElseThrow().complete()).isFalse();
  }

  @Test
  void theMergedReportIsReadBackAndMergesOn() {
    Report merged = merge(first, later(10_300, load("late", 5, Ramp.NONE)));

    assertThat(ReportReader.read(JsonReport.write(merged))).isEqualTo(merged);
    assertThat(merge(merged, later(0, load("third", 5, Ramp.NONE))).load().streams())
        .isEqualTo(120);
  }

  @Test
  void anotherRateIsSaid() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> merge(first, later(0, load("b", 50, first.load().ramp()))))
        .withMessage("2.json: rate 50 (expected: 5, as in 1.json)");
  }

  @Test
  void aReportOfAnotherTimeIsSaid() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> merge(first, later(60_000, load("b", 5, first.load().ramp()))))
        .withMessage(
            "2.json: began at 2026-11-23T10:16:30Z (expected: while 1.json ran, which ended at"
                + " 2026-11-23T10:16:00Z)");
  }

  @Test
  void theSameReportTwiceIsSaid() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> merge(first, first))
        .withMessage("2.json: the same report as 1.json (expected: each load tester once)");
  }

  private static Report merge(Report... reports) {
    List<Named> named = new ArrayList<>();
    for (Report report : reports) {
      named.add(new Named((named.size() + 1) + ".json", report));
    }
    return ReportMerge.merge(named);
  }

  private Load load(String clientId, double rate, Ramp ramp) {
    Load load = first.load();
    return new Load(
        load.rpc(),
        load.clients(),
        load.channels(),
        load.streams(),
        new Rate(rate),
        load.messageBytes(),
        load.duration(),
        ramp,
        load.consent(),
        clientId);
  }

  private Report later(long millis, Load load) {
    return SampleReport.copy(
        SampleReport.of(load),
        first.started().plusMillis(millis),
        first.health(),
        first.increase());
  }

  private Report named(Report report, String clientId) {
    Report other = SampleReport.of(load(clientId, 5, first.load().ramp()));
    return SampleReport.copy(other, first.started(), report.health(), report.increase());
  }

  private static Report with(Report report, Health health, Optional<CounterIncrease> increase) {
    return SampleReport.copy(report, report.started(), health, increase);
  }

  private static Optional<CounterIncrease> increase(long before, long after, long rise) {
    return Optional.of(
        new CounterIncrease(
            "seen_total",
            List.of(new CounterIncrease.Page("url", before, after, rise, true, false))));
  }
}
