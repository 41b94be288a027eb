package io.vachub.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.IntSummaryStatistics;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class PushbackTest {

  private final SplittableRandom random = new SplittableRandom(1);

  @Test
  void aFullPodSpreadsTheHerdOverTwoSeconds() {
    IntSummaryStatistics millis = millis(RefusalReason.FULL, 0);

    assertThat(millis.getMin()).isBetween(1_000, 1_010);
    assertThat(millis.getMax()).isBetween(2_990, 3_000);
  }

  @ParameterizedTest
  @EnumSource(names = "FULL", mode = Mode.EXCLUDE)
  void aPodThatPrefersAnotherAsksForNoPatienceAtFirst(RefusalReason reason) {
    assertThat(millis(reason, 0).getMax()).isZero();
    assertThat(millis(reason, 3).getMax()).isZero();
    assertThat(millis(reason, 4).getMax()).isBetween(90, 100);
  }

  private IntSummaryStatistics millis(RefusalReason reason, int attempt) {
    return IntStream.range(0, 10_000)
        .map(i -> Pushback.millis(reason, attempt, random))
        .summaryStatistics();
  }
}
