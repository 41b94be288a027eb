package io.vachub.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DrainPaceTest {

  @Test
  void aFewCallsTakeTheWholeSpreadToo() {
    DrainPace pace = new DrainPace(10, Duration.ofSeconds(15));

    assertThat(pace.delay(0)).isZero();
    assertThat(pace.delay(1)).isEqualTo(Duration.ofMillis(1_500));
    assertThat(pace.delay(9)).isEqualTo(Duration.ofMillis(13_500));
  }

  @Test
  void manyCallsAreSpreadEvenly() {
    DrainPace pace = new DrainPace(100_000, Duration.ofSeconds(15));

    assertThat(pace.delay(50_000)).isEqualTo(Duration.ofMillis(7_500));
    assertThat(pace.delay(99_999)).isLessThan(Duration.ofSeconds(15));
  }

  @Test
  void withoutASpreadAllGoAtOnce() {
    assertThat(new DrainPace(3, Duration.ZERO).delay(2)).isZero();
  }
}
