package io.vachub.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.vachub.loadtest.counters.CounterIncrease;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The sample has 1,006 messages processed, 10 unknown and 4 unsettled. */
class FlawTest {

  @ParameterizedTest
  @ValueSource(longs = {1_006, 1_010, 1_020})
  void countersMayHaveAnyPartOfWhatIsUnknown(long counted) {
    assertThat(Flaw.COUNTERS.in(with(page(counted, true, false)))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"1005, '1,005'", "1021, '1,021'"})
  void countersThatCannotBeTrueTogetherWithTheAnswersAreAFlaw(long counted, String shown) {
    assertThat(Flaw.COUNTERS.in(with(page(counted, true, false))))
        .contains(
            "the service's counters rose by %s, where 1,006 to 1,020 was expected"
                .formatted(shown));
  }

  @Test
  void countersThatWentAwayWithTheirPodMayMissSomeAndCannotHaveMore() {
    assertThat(Flaw.COUNTERS.in(with(page(500, true, true)))).isEmpty();
    assertThat(Flaw.COUNTERS.in(with(page(2_000, true, true)))).isPresent();
  }

  @Test
  void aCounterThatIsNowhereIsNoBook() {
    Report report = with(page(0, false, false));

    assertThat(Flaw.COUNTERS.in(report)).isPresent();
    assertThat(report.notes())
        .contains("the service's counters are missing: counter is on none of the metrics pages");
  }

  @Test
  void withoutTheServicesCountersThereIsNothingToCompare() {
    assertThat(Flaw.COUNTERS.in(SampleReport.with(Optional.empty()))).isEmpty();
  }

  private static CounterIncrease.Page page(long rise, boolean found, boolean gone) {
    return new CounterIncrease.Page("url", 0, rise, rise, found, gone);
  }

  private static Report with(CounterIncrease.Page page) {
    return SampleReport.with(Optional.of(new CounterIncrease("counter", List.of(page))));
  }
}
