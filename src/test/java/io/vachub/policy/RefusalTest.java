package io.vachub.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which streams a pod refuses although it is not full. */
class RefusalTest {

  private static final Fleet TENS = new Fleet(3, 3, 3, List.of(10, 10, 10), List.of(), 0);

  private final Refusal refusal = new Refusal(4);

  @Test
  void aPodAtTheMeanRefusesAndOneBelowTakes() {
    assertThat(refusal.of(10, TENS, false, true, 0)).contains(RefusalReason.ABOVE_MEAN);
    assertThat(refusal.of(11, TENS, false, true, 0)).contains(RefusalReason.ABOVE_MEAN);
    assertThat(refusal.of(9, TENS, false, true, 0)).isEmpty();
  }

  @Test
  void theLastChoiceIsTakenWhereverItLands() {
    assertThat(refusal.of(500, TENS, false, true, 2)).isPresent();
    assertThat(refusal.of(500, TENS, false, true, 3)).isEmpty();
    assertThat(refusal.of(500, TENS, false, true, 300)).isEmpty();
  }

  @Test
  void oneChoiceIsNone() {
    assertThat(new Refusal(1).of(500, TENS, false, true, 0)).isEmpty();
    assertThat(new Refusal(1).of(500, TENS, true, true, 0)).contains(RefusalReason.LEAVING);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aClientThatDoesNotAcceptIsNeverRefused(boolean leaving) {
    assertThat(refusal.of(500, TENS, leaving, false, 0)).isEmpty();
    assertThat(refusal.of(500, new Fleet(1, 1, 1, List.of(0), List.of(), 1), leaving, false, 0))
        .isEmpty();
  }

  @Test
  void aPodThatIsAloneOrKnowsNothingRefusesNobody() {
    assertThat(refusal.of(500, Fleet.UNKNOWN, false, true, 0)).isEmpty();
    assertThat(
            refusal.of(500, new Fleet(9, 9, 4, List.of(1, 1, 1, 1), List.of(), 0), false, true, 0))
        .isEmpty();
  }

  @Test
  void anEmptyFleetTakesItsFirstStream() {
    assertThat(refusal.of(0, new Fleet(2, 2, 2, List.of(0, 0), List.of(), 0), false, true, 0))
        .isEmpty();
  }

  @Test
  void aPodThatShutsDownRefusesUntilOneThatStaysIsLikelyFound() {
    assertThat(attempts(TENS, true)).isEqualTo(4);
    assertThat(attempts(new Fleet(1, 1, 1, List.of(3), List.of(), 0), true)).isEqualTo(6);
    assertThat(attempts(Fleet.UNKNOWN, true)).isEqualTo(6);
  }

  @Test
  void aPodThatGoesNextRefusesUntilANewOneIsLikelyFound() {
    assertThat(attempts(new Fleet(9, 9, 9, Collections.nCopies(3, 0), List.of(), 3), false))
        .isEqualTo(10);
    assertThat(attempts(new Fleet(9, 9, 9, List.of(0), List.of(), 1), false)).isEqualTo(30);
    assertThat(attempts(new Fleet(99, 32, 32, List.of(0), List.of(), 1), false)).isEqualTo(32);
  }

  @Test
  void aFewNewPodsDoNotGetEverything() {
    List<Integer> old = Collections.nCopies(8, 5);
    assertThat(refusal.of(5, new Fleet(9, 9, 9, List.of(10), old, 1), false, true, 0))
        .contains(RefusalReason.LEAVING);
    assertThat(refusal.of(5, new Fleet(9, 9, 9, List.of(20), old, 1), false, true, 0)).isEmpty();
  }

  @Test
  void newPodsMayBeTwiceAsFullAsAllAre() {
    List<Integer> old = Collections.nCopies(8, 9);
    assertThat(refusal.of(8, new Fleet(9, 9, 9, List.of(20), old, 1), false, true, 0))
        .contains(RefusalReason.LEAVING);
    assertThat(refusal.of(8, new Fleet(9, 9, 9, List.of(21), old, 1), false, true, 0)).isEmpty();
  }

  private int attempts(Fleet fleet, boolean leaving) {
    int attempt = 0;
    while (refusal.of(5, fleet, leaving, true, attempt).isPresent()) {
      assertThat(refusal.of(5, fleet, leaving, true, attempt)).contains(RefusalReason.LEAVING);
      attempt++;
    }
    return attempt;
  }
}
