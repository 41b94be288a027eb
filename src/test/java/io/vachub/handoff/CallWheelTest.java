package io.vachub.handoff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vachub.call.CallTransport;
import io.vachub.policy.HandoffReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallWheelTest {

  private static final long TICK = Duration.ofMillis(50).toNanos();

  private static final long TURN = 1_024 * TICK;

  private static final long SOON = Duration.ofMillis(250).toNanos();

  /** Longer than this thread may stand still until it has changed a timer. */
  private static final long LATER = Duration.ofSeconds(1).toNanos();

  private final CallWheel wheel = new CallWheel();
  private final Map<HandoffCall<?, ?>, Long> told = new ConcurrentHashMap<>();
  private final long now = System.nanoTime();

  @AfterEach
  void stop() {
    wheel.destroy();
  }

  /** A call that only notes when it is handed off. */
  private HandoffCall<?, ?> call() {
    HandoffCall<?, ?> call = new HandoffCall<>(null, new CallTransport(), true, null);
    call.dueFor(HandoffReason.AGE);
    call.endWith(() -> told.put(call, System.nanoTime()));
    return call;
  }

  private HandoffCall<?, ?> callAt(long nanoTime) {
    HandoffCall<?, ?> call = call();
    wheel.add(call, nanoTime);
    return call;
  }

  @Test
  void tellsACallWhenItIsDueAndNotBefore() {
    HandoffCall<?, ?> soon = callAt(now + SOON);
    HandoffCall<?, ?> sooner = callAt(now + SOON / 2);
    HandoffCall<?, ?> overdue = callAt(now - SOON);

    await().until(() -> told.keySet().containsAll(List.of(soon, sooner, overdue)));

    assertThat(told.get(soon) - now).isGreaterThanOrEqualTo(SOON);
    assertThat(told.get(sooner) - now).isGreaterThanOrEqualTo(SOON / 2);
  }

  @Test
  void aCallThatIsDueInAnotherTurnIsLeftAloneInThisOne() {
    HandoffCall<?, ?> inATurn = callAt(now + TURN + SOON);
    HandoffCall<?, ?> soon = callAt(now + SOON);
    HandoffCall<?, ?> later = callAt(now + 2 * SOON);

    await().until(() -> told.containsKey(later));

    assertThat(told).containsKey(soon).doesNotContainKey(inATurn);
  }

  @Test
  void theTimeCanBeChanged() {
    HandoffCall<?, ?> earlier = callAt(now + 10 * TURN);
    HandoffCall<?, ?> later = callAt(now + LATER);
    HandoffCall<?, ?> atLast = call();
    wheel.add(atLast);

    wheel.tellAt(earlier, now + SOON);
    wheel.tellAt(later, now + 10 * TURN);
    wheel.tellAt(atLast, now + LATER + SOON);

    await().until(() -> told.containsKey(atLast));
    assertThat(told).containsKey(earlier).doesNotContainKey(later);
  }

  /** A handoff may set another call's time, or end it, before that call's turn in the tick. */
  @Test
  void aCallWhoseTimeIsChangedWhileOthersOfItsTickAreToldIsNot() {
    HandoffCall<?, ?> one = call();
    HandoffCall<?, ?> other = call();
    one.endWith(() -> later(one, other));
    other.endWith(() -> later(other, one));
    wheel.add(one, now + LATER);
    wheel.add(other, now + LATER);
    HandoffCall<?, ?> last = callAt(now + LATER + SOON);

    await().until(() -> told.containsKey(last));

    assertThat(told).hasSize(2);
  }

  private void later(HandoffCall<?, ?> call, HandoffCall<?, ?> other) {
    told.put(call, System.nanoTime());
    wheel.tellAt(other, now + 10 * TURN);
  }

  /** Each would otherwise wait for what all others of its tick and their clients do. */
  @Test
  void tellsTheCallsOfATickOneAfterAnother() {
    await()
        .until(
            () -> {
              long due = System.nanoTime() + SOON;
              List<HandoffCall<?, ?>> calls =
                  Stream.<HandoffCall<?, ?>>generate(() -> callAt(due)).limit(5).toList();
              await().until(() -> told.keySet().containsAll(calls));
              LongSummaryStatistics times = calls.stream().mapToLong(told::get).summaryStatistics();
              // A thread that stood still catches up.
              return times.getMax() - times.getMin() >= TICK / 2;
            });
  }

  @Test
  void whatIsRemovedIsNotToldAndItsNeighboursAre() {
    List<HandoffCall<?, ?>> calls = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      calls.add(callAt(now + LATER));
    }
    for (int removed : new int[] {0, 2, 4}) {
      wheel.remove(calls.get(removed));
      wheel.remove(calls.get(removed));
      wheel.tellAt(calls.get(removed), now);
    }
    assertThat(wheel.count()).isEqualTo(2);

    HandoffCall<?, ?> last = callAt(now + LATER + SOON);
    await().until(() -> told.containsKey(last));

    assertThat(told).containsOnlyKeys(calls.get(1), calls.get(3), last);
  }

  @Test
  void knowsAllCallsWithATimerOrWithout() {
    HandoffCall<?, ?> untimed = call();
    wheel.add(untimed);
    HandoffCall<?, ?> timed = callAt(now + TURN / 2);
    HandoffCall<?, ?> inManyTurns = callAt(now + 99 * TURN);

    List<HandoffCall<?, ?>> seen = new ArrayList<>();
    wheel.forEach(seen::add);

    assertThat(seen).containsExactlyInAnyOrder(untimed, timed, inManyTurns);
    assertThat(wheel.count()).isEqualTo(3);
  }
}
