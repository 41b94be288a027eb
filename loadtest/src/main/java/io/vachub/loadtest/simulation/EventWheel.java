package io.vachub.loadtest.simulation;

import java.util.Arrays;

/**
 * Timers of a fixed number of items, one for each, in whole milliseconds: a timing wheel with a
 * slot for each millisecond. Scheduling and cancelling take the same time however many items wait.
 */
final class EventWheel {

  private static final int NONE = -1;

  private final int[] heads;
  private int[] next;
  private int[] previous;
  private int[] due;
  private final int mask;
  private int now;

  /**
   * A wheel at time 0 on which nothing waits.
   *
   * @param items how many items there are, numbered from 0
   * @param turnMillis how far ahead most items are scheduled; the memory is proportional to it
   */
  EventWheel(int items, int turnMillis) {
    int slots = Math.max(1 << 10, Integer.highestOneBit(Math.max(1, turnMillis - 1)) << 1);
    this.heads = new int[slots];
    this.next = new int[items];
    this.previous = new int[items];
    this.due = new int[items];
    this.mask = slots - 1;
    Arrays.fill(heads, NONE);
    Arrays.fill(due, NONE);
  }

  /** Makes room for so many items in all. */
  void grow(int items) {
    int before = due.length;
    if (items > before) {
      int more = Math.max(items, before * 2);
      next = Arrays.copyOf(next, more);
      previous = Arrays.copyOf(previous, more);
      due = Arrays.copyOf(due, more);
      Arrays.fill(due, before, more, NONE);
    }
  }

  /**
   * Sets when this item is due, instead of any time set before; not in the past. What is too far
   * ahead for 31 bits of milliseconds is never due.
   */
  void schedule(int item, long atMillis) {
    cancel(item);
    due[item] = (int) Math.max(now, Math.min(Integer.MAX_VALUE, atMillis));
    int slot = due[item] & mask;
    int head = heads[slot];
    next[item] = head;
    previous[item] = ~slot;
    if (head != NONE) {
      previous[head] = item;
    }
    heads[slot] = item;
  }

  /** From now on this item is not due. */
  void cancel(int item) {
    if (due[item] == NONE) {
      return;
    }
    due[item] = NONE;
    int after = next[item];
    int before = previous[item];
    if (before < 0) {
      heads[~before] = after;
    } else {
      next[before] = after;
    }
    if (after != NONE) {
      previous[after] = before;
    }
  }

  /** When this item is due; -1 if it is not. */
  int dueAt(int item) {
    return due[item];
  }

  /** Advances to this time; everything due before must have been polled. */
  void advanceTo(int millis) {
    now = millis;
  }

  /** Removes and returns an item that is due now; -1 if there is none. */
  int poll() {
    int item = heads[now & mask];
    while (item != NONE && due[item] != now) {
      item = next[item];
    }
    if (item != NONE) {
      cancel(item);
    }
    return item;
  }
}
