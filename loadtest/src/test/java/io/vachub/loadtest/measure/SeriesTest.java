package io.vachub.loadtest.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SeriesTest {

  @Test
  void keepsTheWholeLoadInBoundedMemory() {
    Series series = new Series(10);

    for (int second = 1; second <= 1_000; second++) {
      series.add(new Sample(second, 1, 1, Map.of(), 1, 0, Map.of(), Map.of()));
    }

    List<Sample> samples = series.samples();
    assertThat(samples).hasSizeLessThanOrEqualTo(11);
    assertThat(samples.stream().mapToLong(Sample::sent).sum()).isEqualTo(1_000);
    assertThat(samples.stream().mapToDouble(Sample::intervalSeconds).sum()).isEqualTo(1_000);
    assertThat(samples.get(samples.size() - 1).seconds()).isEqualTo(1_000);
    assertThat(samples).extracting(Sample::seconds).isSorted();
  }
}
