package io.vachub.loadtest.pace;

/** Something a {@link TimingWheel} calls when its time has come; it waits for one time at most. */
public abstract class Timed {

  Timed previous;
  Timed next;
  long dueNanos;

  /** Called on the wheel's thread, never before the time asked for. */
  protected abstract void due();
}
