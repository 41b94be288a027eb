package io.vachub.loadtest.pace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class BackoffTest {

  private final Backoff backoff = new Backoff(new SplittableRandom());

  @RepeatedTest(20)
  void waitsTwiceAsLongEachTimeUpToFiveSeconds() {
    assertThat(millis()).isBetween(125L, 250L);
    assertThat(millis()).isBetween(250L, 500L);
    assertThat(millis()).isBetween(500L, 1_000L);
    LongStream.range(0, 100).forEach(i -> millis());
    assertThat(millis()).isBetween(2_500L, 5_000L);

    backoff.reset();
    assertThat(millis()).isBetween(125L, 250L);
  }

  @RepeatedTest(20)
  void staysAwayAsLongAsTheServerAsks() {
    long waited = backoff.failureNanos(Optional.of(Duration.ofSeconds(8))) / 1_000_000;

    assertThat(waited).isBetween(8_000L, 10_000L);
  }

  @Test
  void aHandoffIsFollowedAtOnce() {
    assertThat(LongStream.range(0, 100).map(i -> backoff.handoffNanos()))
        .allMatch(nanos -> nanos >= 0 && nanos < 50_000_000);
  }

  private long millis() {
    return backoff.failureNanos(Optional.empty()) / 1_000_000;
  }

  @Test
  void aServerThatAsksForNoWaitAgainAndAgainIsNotHammered() {
    Backoff backoff = new Backoff(new SplittableRandom(1));
    for (int i = 0; i < 16; i++) {
      assertThat(backoff.refusalNanos(Optional.of(Duration.ZERO)))
          .isLessThan(Duration.ofMillis(50).toNanos());
    }
    assertThat(backoff.refusals()).isEqualTo(16);
    assertThat(backoff.refusalNanos(Optional.of(Duration.ZERO)))
        .isGreaterThanOrEqualTo(Duration.ofMillis(125).toNanos());

    backoff.reset();
    assertThat(backoff.refusals()).isZero();
    assertThat(backoff.refusalNanos(Optional.of(Duration.ZERO)))
        .isLessThan(Duration.ofMillis(50).toNanos());
  }
}
