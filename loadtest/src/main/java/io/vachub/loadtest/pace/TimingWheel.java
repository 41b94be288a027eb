package io.vachub.loadtest.pace;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Timers, a millisecond late at most while its thread keeps up. All that is due within one
 * millisecond is called together, so that what is sent then leaves in one write. Belongs to one
 * event loop and is used on its thread only.
 */
public final class TimingWheel {

  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final int SLOTS = 1 << 10;
  private static final long NEVER = Long.MAX_VALUE;

  private final EventLoop eventLoop;
  private final Clock clock;
  private final Slot[] slots = new Slot[SLOTS];
  private long tick;
  private long wakeTick = NEVER;
  private Future<?> wake;
  private boolean advancing;

  /** A wheel that turns on this event loop and reads this clock. */
  public TimingWheel(EventLoop eventLoop, Clock clock) {
    this.eventLoop = eventLoop;
    this.clock = clock;
    for (int i = 0; i < SLOTS; i++) {
      slots[i] = new Slot();
    }
    tick = clock.nanos() / TICK_NANOS;
  }

  /** Calls {@code timed} at this time of the clock, instead of at the time it waits for now. */
  public void schedule(Timed timed, long dueNanos) {
    cancel(timed);
    timed.dueNanos = dueNanos;
    insert(timed);
  }

  /** Forgets the time that {@code timed} waits for, if any. */
  public void cancel(Timed timed) {
    if (timed.next != null) {
      timed.previous.next = timed.next;
      timed.next.previous = timed.previous;
      timed.previous = null;
      timed.next = null;
    }
  }

  private void insert(Timed timed) {
    if (wakeTick == NEVER && !advancing) {
      // Nothing waits: the ticks gone by since the last call hold nothing.
      tick = Math.max(tick, clock.nanos() / TICK_NANOS - 1);
    }
    long dueTick = (timed.dueNanos + TICK_NANOS - 1) / TICK_NANOS;
    long slotTick = Math.max(tick + 1, Math.min(dueTick, tick + SLOTS - 1));
    slots[(int) (slotTick % SLOTS)].append(timed);
    if (!advancing && slotTick < wakeTick) {
      wakeAt(slotTick);
    }
  }

  private void wakeAt(long slotTick) {
    if (wake != null) {
      wake.cancel(false);
    }
    wakeTick = slotTick;
    long delayNanos = Math.max(0, slotTick * TICK_NANOS - clock.nanos());
    wake = eventLoop.schedule(this::advance, delayNanos, TimeUnit.NANOSECONDS);
  }

  private void advance() {
    advancing = true;
    try {
      long target = clock.nanos() / TICK_NANOS;
      while (tick < target) {
        tick++;
        callAllIn(slots[(int) (tick % SLOTS)]);
      }
    } finally {
      advancing = false;
      wakeForNext();
    }
  }

  private void callAllIn(Slot slot) {
    while (!slot.isEmpty()) {
      Timed timed = slot.next;
      cancel(timed);
      if (timed.dueNanos > tick * TICK_NANOS) {
        insert(timed);
      } else {
        timed.due();
      }
    }
  }

  private void wakeForNext() {
    wake = null;
    wakeTick = NEVER;
    for (long ahead = tick + 1; ahead < tick + SLOTS; ahead++) {
      if (!slots[(int) (ahead % SLOTS)].isEmpty()) {
        wakeAt(ahead);
        return;
      }
    }
  }

  /** The head of the ring of all that is due in one tick. */
  private static final class Slot extends Timed {

    Slot() {
      previous = this;
      next = this;
    }

    boolean isEmpty() {
      return next == this;
    }

    void append(Timed timed) {
      timed.previous = previous;
      timed.next = this;
      previous.next = timed;
      previous = timed;
    }

    @Override
    protected void due() {
      throw new IllegalStateException("the head of a slot is never due");
    }
  }
}
