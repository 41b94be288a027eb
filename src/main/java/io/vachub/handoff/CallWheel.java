package io.vachub.handoff;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;

/**
 * A timer for each open call: a hashed timing wheel (Varghese and Lauck, 1987) whose slots are
 * linked lists through the calls themselves, so that the timers of a hundred thousand idle calls
 * cost only a few fields in each call. One thread notifies each call that is due, up to 100 ms
 * late: those of a tick one after another over the next, for each handoff is followed by a new
 * stream, and messages of other streams would wait behind them all.
 */
final class CallWheel implements DisposableBean {

  private static final Logger log = LoggerFactory.getLogger(CallWheel.class);

  private static final long TICK_NANOS = Duration.ofMillis(50).toNanos();
  private static final int SLOTS = 1 << 10;

  /** The slot of calls without a timer. */
  private static final int NEVER = Integer.MAX_VALUE;

  /** Guarded by itself. */
  private static final class Slot {
    private HandoffCall<?, ?> first;
  }

  private final Slot[] slots = new Slot[SLOTS];
  private final Slot never = new Slot();
  private final AtomicInteger count = new AtomicInteger();
  private final long startNanos = System.nanoTime();
  private final Thread thread = new Thread(this::run, "handoff");

  /** Written by the thread alone, before it looks at the tick's slot. */
  private volatile int tick;

  private volatile boolean stopped;

  CallWheel() {
    for (int i = 0; i < SLOTS; i++) {
      slots[i] = new Slot();
    }
    thread.setDaemon(true);
    thread.start();
  }

  int count() {
    return count.get();
  }

  /** Adds a call without a timer. */
  void add(HandoffCall<?, ?> call) {
    add(call, NEVER);
  }

  /** Adds a call that is notified at this {@link System#nanoTime}. */
  void add(HandoffCall<?, ?> call, long nanoTime) {
    add(call, dueTick(nanoTime));
  }

  private void add(HandoffCall<?, ?> call, int dueTick) {
    synchronized (call) {
      call.onWheel = true;
      link(call, dueTick);
    }
    count.incrementAndGet();
  }

  /** Notifies a call at this {@link System#nanoTime} instead of the time set before. */
  void tellAt(HandoffCall<?, ?> call, long nanoTime) {
    synchronized (call) {
      if (call.onWheel) {
        unlink(call);
        link(call, dueTick(nanoTime));
      }
    }
  }

  private int dueTick(long nanoTime) {
    long ticks = Math.floorDiv(nanoTime - startNanos + TICK_NANOS - 1, TICK_NANOS);
    return (int) Math.min(NEVER - 1, ticks);
  }

  void remove(HandoffCall<?, ?> call) {
    synchronized (call) {
      if (!call.onWheel) {
        return;
      }
      call.onWheel = false;
      unlink(call);
    }
    count.decrementAndGet();
  }

  void forEach(Consumer<HandoffCall<?, ?>> action) {
    calls(never, NEVER).forEach(action);
    for (Slot slot : slots) {
      calls(slot, NEVER).forEach(action);
    }
  }

  private void link(HandoffCall<?, ?> call, int dueTick) {
    while (true) {
      // A tick that has begun does not come again until the wheel has turned once.
      int at = dueTick == NEVER ? NEVER : Math.max(dueTick, tick + 1);
      Slot slot = slot(at);
      synchronized (slot) {
        if (at > tick) {
          call.dueTick = at;
          call.previous = null;
          call.next = slot.first;
          if (slot.first != null) {
            slot.first.previous = call;
          }
          slot.first = call;
          return;
        }
      }
    }
  }

  private void unlink(HandoffCall<?, ?> call) {
    Slot slot = slot(call.dueTick);
    synchronized (slot) {
      if (call.previous == null) {
        slot.first = call.next;
      } else {
        call.previous.next = call.next;
      }
      if (call.next != null) {
        call.next.previous = call.previous;
      }
      call.previous = null;
      call.next = null;
    }
  }

  private Slot slot(int dueTick) {
    return dueTick == NEVER ? never : slots[dueTick & (SLOTS - 1)];
  }

  /** A copy, because what is done with the calls may move them. */
  private static List<HandoffCall<?, ?>> calls(Slot slot, int dueBy) {
    List<HandoffCall<?, ?>> calls = new ArrayList<>();
    synchronized (slot) {
      for (HandoffCall<?, ?> call = slot.first; call != null; call = call.next) {
        if (call.dueTick <= dueBy) {
          calls.add(call);
        }
      }
    }
    return calls;
  }

  private void run() {
    while (!stopped) {
      long begin = startNanos + (tick + 1) * TICK_NANOS;
      if (awaitNanoTime(begin)) {
        tick++;
        tell(calls(slot(tick), tick), begin);
      }
    }
  }

  private void tell(List<HandoffCall<?, ?>> due, long begin) {
    for (int i = 0; i < due.size() && awaitNanoTime(begin + i * TICK_NANOS / due.size()); i++) {
      tell(due.get(i));
    }
  }

  /** Returns false if it was stopped before this {@link System#nanoTime}. */
  private boolean awaitNanoTime(long nanoTime) {
    long wait = nanoTime - System.nanoTime();
    while (wait > 0 && !stopped) {
      LockSupport.parkNanos(wait);
      wait = nanoTime - System.nanoTime();
    }
    return !stopped;
  }

  private void tell(HandoffCall<?, ?> call) {
    Runnable due;
    synchronized (call) {
      if (!call.onWheel || call.dueTick > tick) {
        // Removed, or set to another time, while others of its tick were told.
        return;
      }
      due = call.whatIsDue();
    }
    try {
      due.run();
    } catch (RuntimeException e) {
      log.error(
          "Handing off a call of {} failed", call.getMethodDescriptor().getFullMethodName(), e);
    }
  }

  @Override
  public void destroy() {
    stopped = true;
    LockSupport.unpark(thread);
  }
}
