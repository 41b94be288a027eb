package io.vachub.loadtest.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SampleTest {

  @Test
  void comparesTheFullestPodWithTheMean() {
    assertThat(sample(1, Map.of("a", 30L, "b", 10L, "c", 20L)).maxOverMean()).isEqualTo(1.5);
    assertThat(sample(1, Map.of("a", 7L)).maxOverMean()).isEqualTo(1);
    assertThat(sample(1, Map.of()).maxOverMean()).isZero();
  }

  @Test
  void twoIntervalsAddUpAndKeepTheWorseTimes() {
    Sample merged = sample(1, Map.of("a", 1L)).mergedWith(sample(2, Map.of("b", 2L)));

    assertThat(merged.seconds()).isEqualTo(2);
    assertThat(merged.intervalSeconds()).isEqualTo(2);
    assertThat(merged.sent()).isEqualTo(20);
    assertThat(merged.streamsByPod()).isEqualTo(Map.of("b", 2L));
    assertThat(merged.causes()).isEqualTo(Map.of(Cause.GOAWAY, 3L));
    assertThat(merged.percentiles().get(Timing.OPEN)).isEqualTo(new Percentiles(2, 3, 4, 5));
  }

  private static Sample sample(int second, Map<String, Long> pods) {
    return new Sample(
        second,
        1,
        10,
        pods,
        10,
        0,
        Map.of(Timing.OPEN, new Percentiles(second, 3, 4, 5)),
        Map.of(Cause.GOAWAY, (long) second));
  }
}
