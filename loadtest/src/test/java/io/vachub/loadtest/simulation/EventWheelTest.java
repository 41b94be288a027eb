package io.vachub.loadtest.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class EventWheelTest {

  private final EventWheel wheel = new EventWheel(100, 1_000);

  @Test
  void givesEachItemAtItsTimeAlsoAfterSeveralTurns() {
    SplittableRandom random = new SplittableRandom(1);
    int[] due = random.ints(100, 0, 10_000).toArray();
    for (int item = 0; item < due.length; item++) {
      wheel.schedule(item, random.nextInt(10_000));
      wheel.schedule(item, due[item]);
    }

    List<Integer> seen = new ArrayList<>();
    for (int now = 0; now < 10_000; now++) {
      wheel.advanceTo(now);
      for (int item = wheel.poll(); item >= 0; item = wheel.poll()) {
        assertThat(due[item]).isEqualTo(now);
        seen.add(item);
      }
    }

    assertThat(seen).hasSize(100).doesNotHaveDuplicates();
  }

  @Test
  void forgetsWhatIsCancelled() {
    wheel.schedule(1, 5);
    wheel.schedule(2, 5);
    wheel.schedule(3, 5);
    wheel.cancel(2);
    wheel.cancel(2);
    wheel.advanceTo(5);

    assertThat(List.of(wheel.poll(), wheel.poll())).containsExactlyInAnyOrder(1, 3);
    assertThat(wheel.poll()).isEqualTo(-1);
    assertThat(wheel.dueAt(2)).isEqualTo(-1);
  }

  @Test
  void whatIsDueBeforeNowIsDueNow() {
    wheel.advanceTo(50);
    wheel.schedule(7, 20);

    assertThat(wheel.poll()).isEqualTo(7);
  }

  @Test
  void growsAndKeepsWhatWaits() {
    wheel.schedule(99, 3);
    wheel.grow(1_000);
    wheel.schedule(999, 3);
    wheel.advanceTo(3);

    assertThat(List.of(wheel.poll(), wheel.poll())).containsExactlyInAnyOrder(99, 999);
  }
}
