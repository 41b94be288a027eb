package io.vachub.loadtest.pace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoop;
import io.vachub.loadtest.connection.EventLoops;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TimingWheelTest {

  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  private final EventLoops loops = new EventLoops(1);
  private final EventLoop loop = loops.loops().get(0);
  private final Clock clock = new Clock();
  private final TimingWheel wheel = onLoop(() -> new TimingWheel(loop, clock));
  private final List<String> called = new CopyOnWriteArrayList<>();
  private final List<Long> early = new CopyOnWriteArrayList<>();

  @AfterEach
  void stop() {
    loops.close();
  }

  @Test
  void callsInTheOrderOfTimes() {
    onLoop(
        () -> {
          long now = clock.nanos();
          wheel.schedule(named("third"), now + 40 * MILLI);
          wheel.schedule(named("first"), now + 5 * MILLI);
          wheel.schedule(named("second"), now + 20 * MILLI);
          return null;
        });

    await().untilAsserted(() -> assertThat(called).containsExactly("first", "second", "third"));
    assertThat(early).isEmpty();
  }

  @Test
  void callsWhatIsFurtherAheadThanTheWheelIsLong() {
    onLoop(
        () -> {
          wheel.schedule(named("far"), clock.nanos() + 1_500 * MILLI);
          return null;
        });

    await().until(() -> called.contains("far"));
    assertThat(early).isEmpty();
  }

  @Test
  void aNewTimeReplacesTheOldOne() {
    onLoop(
        () -> {
          Timed moved = named("moved");
          wheel.schedule(moved, clock.nanos() + 60_000 * MILLI);
          wheel.schedule(moved, clock.nanos() + 5 * MILLI);
          return null;
        });

    await().until(() -> called.equals(List.of("moved")));
  }

  @Test
  void doesNotCallWhatWasCancelled() {
    onLoop(
        () -> {
          Timed cancelled = named("cancelled");
          wheel.schedule(cancelled, clock.nanos() + 5 * MILLI);
          wheel.schedule(named("after"), clock.nanos() + 30 * MILLI);
          wheel.cancel(cancelled);
          return null;
        });

    await().until(() -> !called.isEmpty());
    assertThat(called).containsExactly("after");
  }

  @Test
  void whatIsCalledMayScheduleItselfAgainInThePast() {
    onLoop(
        () -> {
          wheel.schedule(
              new Timed() {
                @Override
                protected void due() {
                  called.add("again");
                  if (called.size() < 5) {
                    wheel.schedule(this, 0);
                  }
                }
              },
              0);
          return null;
        });

    await().untilAsserted(() -> assertThat(called).hasSize(5));
  }

  @Test
  void goesOnAfterSomethingCalledHasFailed() {
    onLoop(
        () -> {
          wheel.schedule(
              new Timed() {
                @Override
                protected void due() {
                  throw new IllegalStateException("on purpose");
                }
              },
              clock.nanos());
          wheel.schedule(named("next"), clock.nanos() + 20 * MILLI);
          return null;
        });

    await().until(() -> called.contains("next"));
  }

  private Timed named(String name) {
    return new Timed() {
      @Override
      protected void due() {
        long ahead = dueNanos - clock.nanos();
        if (ahead > 0) {
          early.add(ahead);
        }
        called.add(name);
      }
    };
  }

  private <T> T onLoop(Callable<T> action) {
    return loop.submit(action).syncUninterruptibly().getNow();
  }
}
