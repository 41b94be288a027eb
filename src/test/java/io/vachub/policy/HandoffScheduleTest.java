package io.vachub.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.vachub.policy.HandoffSchedule.ConnectionAge;
import io.vachub.policy.HandoffSchedule.Due;
import java.time.Duration;
import java.util.LongSummaryStatistics;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class HandoffScheduleTest {

  private static final ThreadLocalRandom RANDOM = ThreadLocalRandom.current();

  private static Duration upTo(Duration max) {
    return Duration.ofMillis(RANDOM.nextLong(1, max.toMillis() + 1));
  }

  /** Plays grpc-java: GOAWAY at age ± 10 %, the forced close a grace later. */
  @RepeatedTest(200)
  void noStreamLivesToSeeItsConnectionClosedByForce() {
    Duration age = upTo(Duration.ofHours(1));
    Duration grace = upTo(Duration.ofMinutes(2)).plusMillis(1);
    Duration margin = Duration.ofMillis(RANDOM.nextLong(0, grace.toMillis()));
    HandoffSchedule schedule =
        new HandoffSchedule(Optional.empty(), Optional.of(new ConnectionAge(age, grace, margin)));
    for (int i = 0; i < 1_000; i++) {
      long start = RANDOM.nextLong();
      long goAway = start + (long) (age.toNanos() * RANDOM.nextDouble(0.9, 1.1));
      long stream = start + RANDOM.nextLong(goAway - start + 1);
      long forcedClose = goAway + grace.toNanos();

      Due due = schedule.due(Optional.of(start), stream).orElseThrow();

      assertThat(due.reason()).isEqualTo(HandoffReason.CONNECTION_AGE);
      assertThat(forcedClose - due.at()).isGreaterThanOrEqualTo(margin.toNanos());
      assertThat(due.at() - stream).isNotNegative();
    }
  }

  @Test
  void connectionAgeLeavesAStreamAloneForMostOfTheConnectionsLife() {
    HandoffSchedule schedule =
        new HandoffSchedule(
            Optional.empty(),
            Optional.of(
                new ConnectionAge(
                    Duration.ofMinutes(10), Duration.ofSeconds(60), Duration.ofSeconds(5))));

    Due due = schedule.due(Optional.of(0L), 0).orElseThrow();

    assertThat(Duration.ofNanos(due.at()))
        .isBetween(Duration.ofSeconds(540 + 55 / 2), Duration.ofSeconds(540 + 55));
  }

  @Test
  void connectionAgeSpreadsTheStreamsOfAConnectionOverHalfOfTheGrace() {
    ConnectionAge limit =
        new ConnectionAge(Duration.ofMinutes(10), Duration.ofSeconds(60), Duration.ofSeconds(10));
    HandoffSchedule schedule = new HandoffSchedule(Optional.empty(), Optional.of(limit));
    LongSummaryStatistics due =
        LongStream.range(0, 10_000)
            .map(i -> schedule.due(Optional.of(0L), 0).orElseThrow().at())
            .summaryStatistics();

    assertThat(Duration.ofNanos(due.getMin()))
        .isBetween(Duration.ofSeconds(565), Duration.ofSeconds(566));
    assertThat(Duration.ofNanos((long) due.getAverage()))
        .isBetween(Duration.ofSeconds(577), Duration.ofSeconds(578));
    assertThat(Duration.ofNanos(due.getMax()))
        .isBetween(Duration.ofSeconds(589), Duration.ofSeconds(590));
  }

  @Test
  void streamAgeHasTenPercentOfJitter() {
    HandoffSchedule schedule =
        new HandoffSchedule(Optional.of(Duration.ofSeconds(100)), Optional.empty());
    long lowest = Long.MAX_VALUE;
    long highest = Long.MIN_VALUE;
    for (int i = 0; i < 10_000; i++) {
      Due due = schedule.due(Optional.empty(), 0).orElseThrow();
      assertThat(due.reason()).isEqualTo(HandoffReason.AGE);
      lowest = Math.min(lowest, due.at());
      highest = Math.max(highest, due.at());
    }
    assertThat(Duration.ofNanos(lowest)).isBetween(Duration.ofSeconds(90), Duration.ofSeconds(91));
    assertThat(Duration.ofNanos(highest))
        .isBetween(Duration.ofSeconds(109), Duration.ofSeconds(110));
  }

  @Test
  void theEarlierOfTheTwoAgesRules() {
    ConnectionAge connection =
        new ConnectionAge(Duration.ofSeconds(100), Duration.ofSeconds(10), Duration.ofSeconds(1));
    assertThat(
            new HandoffSchedule(Optional.of(Duration.ofSeconds(50)), Optional.of(connection))
                .due(Optional.of(0L), 0)
                .orElseThrow()
                .reason())
        .isEqualTo(HandoffReason.AGE);
    assertThat(
            new HandoffSchedule(Optional.of(Duration.ofSeconds(500)), Optional.of(connection))
                .due(Optional.of(0L), 0)
                .orElseThrow()
                .reason())
        .isEqualTo(HandoffReason.CONNECTION_AGE);
  }

  @Test
  void nothingIsDueWithoutAges() {
    assertThat(new HandoffSchedule(Optional.empty(), Optional.empty()).due(Optional.of(0L), 0))
        .isEmpty();
  }

  @Test
  void aTransportWithoutConnectionsHasNoConnectionAge() {
    ConnectionAge connection =
        new ConnectionAge(Duration.ofSeconds(100), Duration.ofSeconds(10), Duration.ofSeconds(1));
    assertThat(
            new HandoffSchedule(Optional.empty(), Optional.of(connection)).due(Optional.empty(), 0))
        .isEmpty();
  }
}
