package io.vachub.loadtest.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LifetimeTest {

  @ParameterizedTest
  @CsvSource({
    "fixed:10m, 600, 600",
    "uniform:5m-15m, 600, 600",
    "exponential:10m, 600, 416",
    "lognormal:10m/0.5, 680, 600"
  })
  void hasTheMeanAndTheMedianOfItsDistribution(String text, double mean, double median) {
    Lifetime lifetime = Lifetime.parse(text);
    SplittableRandom random = new SplittableRandom(1);
    double[] seconds = new double[100_000];
    Arrays.setAll(seconds, i -> lifetime.nextMillis(random) / 1e3);
    Arrays.sort(seconds);

    assertThat(Arrays.stream(seconds).average().orElseThrow()).isCloseTo(mean, within(8.0));
    assertThat(seconds[seconds.length / 2]).isCloseTo(median, within(8.0));
  }

  @Test
  void anEndlessOneIsNeverOver() {
    assertThat(Lifetime.parse("endless").nextMillis(new SplittableRandom(1))).isInfinite();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "fixed", "fixed:", "fixed:0s", "uniform:5m", "lognormal:5m", "weibull:3"})
  void saysWhatWasExpected(String text) {
    assertThatThrownBy(() -> Lifetime.parse(text)).hasMessage(Lifetime.EXPECTED);
  }
}
