package io.vachub.loadtest.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RampTest {

  private final Ramp ramp = Ramp.parse("30/60s");

  @Test
  void startsAStepAfterEachPause() {
    assertThat(ramp.startOf(29)).isEqualTo(Duration.ZERO);
    assertThat(ramp.startOf(30)).isEqualTo(Duration.ofMinutes(1));
    assertThat(ramp.startOf(179)).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void countsWhatHasBegun() {
    assertThat(ramp.begunAfter(Duration.ZERO, 180)).isEqualTo(30);
    assertThat(ramp.begunAfter(Duration.ofSeconds(59), 180)).isEqualTo(30);
    assertThat(ramp.begunAfter(Duration.ofSeconds(60), 180)).isEqualTo(60);
    assertThat(ramp.begunAfter(Duration.ofDays(400), 180)).isEqualTo(180);
  }

  @Test
  void withoutARampAllBeginAtOnce() {
    assertThat(Ramp.NONE.startOf(9_999)).isEqualTo(Duration.ZERO);
    assertThat(Ramp.NONE.begunAfter(Duration.ZERO, 10_000)).isEqualTo(10_000);
    assertThat(Ramp.NONE).hasToString("at once");
  }

  @ParameterizedTest
  @ValueSource(strings = {"30", "0/60s", "-1/60s", "30/", "/60s", "30/60s/5", "30x6"})
  void refusesWhatIsNoRamp(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Ramp.parse(text))
        .withMessage("streams/duration, for example 30/60s");
  }
}
