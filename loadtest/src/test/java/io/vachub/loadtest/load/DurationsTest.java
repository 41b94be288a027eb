package io.vachub.loadtest.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

  @ParameterizedTest
  @CsvSource({
    "0, PT0S",
    "90, PT1M30S",
    "90s, PT1M30S",
    "1h30m, PT1H30M",
    "250ms, PT0.25S",
    "1.5s, PT1.5S"
  })
  void readsWhatUsersWrite(String text, Duration expected) {
    assertThat(Durations.parse(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1s", "s", "", "10 s", "5x", "1h-3m", "tens", "99999999999999999999h"})
  void refusesWhatIsNoDuration(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Durations.parse(text))
        .withMessage(Durations.EXPECTED);
  }

  @Test
  void writesWhatItReads() {
    Duration duration = Duration.ofMillis(3_723_004);

    assertThat(Durations.format(duration)).isEqualTo("1h2m3s4ms");
    assertThat(Durations.parse(Durations.format(duration))).isEqualTo(duration);
    assertThat(Durations.format(Duration.ZERO)).isEqualTo("0s");
  }
}
