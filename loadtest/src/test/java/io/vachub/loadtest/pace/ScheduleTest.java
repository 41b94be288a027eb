package io.vachub.loadtest.pace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ScheduleTest {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long INTERVAL = SECOND / 10;

  private final Schedule schedule = new Schedule(SECOND, 10);

  @Test
  void countsWhatWasToLeaveBeforeATime() {
    Schedule schedule = new Schedule(1_000, 1e9 / 100);

    assertThat(schedule.dueBefore(0)).isZero();
    assertThat(schedule.dueBefore(1_000)).isZero();
    assertThat(schedule.dueBefore(1_001)).isEqualTo(1);
    assertThat(schedule.dueBefore(1_100)).isEqualTo(1);
    assertThat(schedule.dueBefore(1_101)).isEqualTo(2);
  }

  @Test
  void aStallMakesEveryMessageBehindItLate() {
    long stallEnd = 2 * SECOND;

    assertThat(LongStream.range(0, 10).map(n -> schedule.latenessNanos(n, stallEnd)))
        .containsExactly(
            LongStream.range(0, 10).map(n -> SECOND - n * INTERVAL).boxed().toArray(Long[]::new));
  }

  @Test
  void uncorrectedOnlyTheFirstMessageOfAStallIsLate() {
    long stallEnd = 2 * SECOND;

    assertThat(schedule.uncorrectedLatenessNanos(1, SECOND, stallEnd)).isEqualTo(SECOND - INTERVAL);
    assertThat(schedule.uncorrectedLatenessNanos(2, stallEnd, stallEnd)).isZero();
  }

  @Test
  void isNeverLateBeforeItsTime() {
    assertThat(schedule.latenessNanos(5, SECOND)).isZero();
  }

  @Test
  void doesNotDriftOverMillionsOfMessages() {
    Schedule thirds = new Schedule(0, 3);

    assertThat(thirds.dueNanos(3_000_000_000L)).isEqualTo(TimeUnit.SECONDS.toNanos(1_000_000_000));
  }
}
