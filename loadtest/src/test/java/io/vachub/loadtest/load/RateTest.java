package io.vachub.loadtest.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateTest {

  @Test
  void readsARateWithAFraction() {
    assertThat(Rate.parse("0.5")).isEqualTo(new Rate(0.5)).hasToString("0.5");
  }

  @Test
  void aRateOfZeroPacesNothing() {
    assertThat(Rate.parse("0").paced()).isFalse();
    assertThat(Rate.parse("0").unlimited()).isFalse();
  }

  @Test
  void maxHasNoPace() {
    assertThat(Rate.parse("max").unlimited()).isTrue();
    assertThat(Rate.parse("max").paced()).isFalse();
    assertThat(Rate.parse("max")).hasToString("max");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-3", "NaN", "Infinity", "fast", "", "1e999"})
  void refusesWhatIsNoRate(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Rate.parse(text))
        .withMessage("0 or more messages per second, or max");
  }
}
