package io.vachub.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vachub.loadtest.measure.Meter;
import io.vachub.loadtest.measure.Percentiles;
import io.vachub.loadtest.measure.Sample;
import io.vachub.loadtest.measure.Timing;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class HealthTest {

  private final Map<Timing, Histogram> timings = new EnumMap<>(Timing.class);

  HealthTest() {
    for (Timing timing : Timing.values()) {
      timings.put(timing, Meter.newHistogram());
    }
    timings.get(Timing.EVENT_LOOP_DELAY).recordValueWithCount(800, 10_000);
  }

  @Test
  void aLoadTesterThatKeepsUpSaysNothing() {
    assertThat(notes(health(30, second -> quiet(second)))).isEmpty();
  }

  @Test
  void aBusyLoopIsTheBottleneck() {
    Health health = health(30, second -> sample(second, 0.97, 1));

    assertThat(health.bottleneck()).isTrue();
    assertThat(health.busiestLoop()).isCloseTo(0.97, within(1e-9));
    assertThat(notes(health))
        .singleElement()
        .asString()
        .startsWith("the load tester itself was the bottleneck: in 25 of 25 seconds an event loop");
  }

  @Test
  void aStarvedLoopIsTheBottleneckThoughItIsNotBusy() {
    assertThat(health(30, second -> sample(second, 0.1, 40)).bottleneck()).isTrue();
  }

  @Test
  void oneSecondOfManyMakesNoBottleneck() {
    assertThat(
            health(60, second -> second == 30 ? sample(second, 1, 40) : quiet(second)).bottleneck())
        .isFalse();
  }

  /** A JVM that has compiled nothing yet is busy and late, whatever the load. */
  @Test
  void theFirstSecondsMakeNoBottleneck() {
    assertThat(health(3, second -> sample(second, 0.97, 40)).bottleneck()).isFalse();

    Health longer = health(30, second -> second <= 5 ? sample(second, 1, 90) : quiet(second));
    assertThat(longer.bottleneck()).isFalse();
    assertThat(longer.warmingBehind()).isEqualTo(5);
  }

  @Test
  void whatSettlesAfterTheLoadIsNotJudged() {
    List<Sample> series = new ArrayList<>();
    IntStream.rangeClosed(1, 20).forEach(i -> series.add(i <= 10 ? quiet(i) : sample(i, 1, 90)));

    assertThat(Health.ofThisProcess(series, 10).bottleneck()).isFalse();
    assertThat(Health.ofThisProcess(series, 20).bottleneck()).isTrue();
  }

  @Test
  void aSamplerThatStoodIsToldWithoutTheRest() {
    timings.get(Timing.SAMPLER_DELAY).recordValue(6_000_000);

    assertThat(notes(health(30, second -> quiet(second))))
        .singleElement()
        .asString()
        .startsWith("the load tester itself stalled: sampler delay up to 6,0");
  }

  private List<String> notes(Health health) {
    return health.notes(timings);
  }

  private static Health health(int seconds, IntFunction<Sample> each) {
    return Health.ofThisProcess(IntStream.rangeClosed(1, seconds).mapToObj(each).toList(), seconds);
  }

  private static Sample quiet(int second) {
    return sample(second, 0.3, 0.8);
  }

  private static Sample sample(int second, double busy, double p99Millis) {
    return new Sample(
        second,
        1,
        1,
        Map.of(),
        0,
        0,
        Map.of(Timing.EVENT_LOOP_DELAY, new Percentiles(0.1, p99Millis, 100, 100)),
        Map.of(),
        Map.of(),
        busy);
  }
}
