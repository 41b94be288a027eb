package io.vachub.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.vachub.loadtest.measure.Meter;
import io.vachub.loadtest.measure.Timing;
import java.util.EnumMap;
import java.util.Map;
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
    assertThat(new Health(0.5, 1, 0.1).notes(timings)).isEmpty();
  }

  @Test
  void aBusyLoopIsTheBottleneck() {
    assertThat(new Health(0.97, 1, 0.1).bottleneck(timings)).isTrue();
    assertThat(new Health(0.97, 1, 0.1).notes(timings))
        .singleElement()
        .asString()
        .startsWith(
            "the load tester itself was the bottleneck: its busiest event loop was busy 97 %");
  }

  @Test
  void aStarvedLoopIsTheBottleneckThoughItIsNotBusy() {
    timings.get(Timing.EVENT_LOOP_DELAY).recordValueWithCount(40_000, 200);

    assertThat(new Health(0.1, 1, 0.1).notes(timings)).hasSize(1);
  }

  @Test
  void aSamplerThatStoodIsToldWithoutTheRest() {
    timings.get(Timing.SAMPLER_DELAY).recordValue(6_000_000);

    assertThat(new Health(0.1, 1, 0.1).notes(timings))
        .singleElement()
        .asString()
        .startsWith("the load tester itself stood still: sampler delay up to 6,0");
  }
}
