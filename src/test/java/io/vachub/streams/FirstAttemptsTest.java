package io.vachub.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.vachub.policy.Refusal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FirstAttemptsTest {

  private final FirstAttempts attempts = new FirstAttempts();

  @BeforeEach
  void refusedAsOftenAsMayBeButOnce() {
    for (int i = 1; i < Refusal.MAX_ATTEMPTS; i++) {
      attempts.refused(0);
    }
  }

  @Test
  void aClientThatDoesNotCountIsBelievedUntilItWasRefusedOftenEnough() {
    assertThat(attempts.attempt(0)).isZero();

    attempts.refused(0);

    assertThat(attempts.attempt(0)).isEqualTo(Refusal.MAX_ATTEMPTS);
    assertThat(attempts.attempt(1)).as("one that counts").isEqualTo(1);
  }

  @Test
  void theAttemptsOfAClientThatCountsAreNotCountedHere() {
    attempts.refused(1);

    assertThat(attempts.attempt(0)).isZero();
  }

  @Test
  void theCountBeginsAnewWithAStreamThatIsAccepted() {
    attempts.accepted();
    attempts.refused(0);

    assertThat(attempts.attempt(0)).isZero();
  }
}
