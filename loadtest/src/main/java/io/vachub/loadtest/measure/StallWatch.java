package io.vachub.loadtest.measure;

import java.time.Duration;

/**
 * Measures pauses of the process, by garbage collection or lack of a processor: a thread sleeps 10
 * ms at a time and records by how much it oversleeps.
 */
public final class StallWatch implements AutoCloseable {

  private static final Duration NAP = Duration.ofMillis(10);

  private final Meter meter = new Meter();
  private final Thread thread = new Thread(this::watch, "stall-watch");

  /** Begins to watch. */
  public StallWatch() {
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * The meter that it writes to; the sampling thread may record {@link Timing#SAMPLER_DELAY} in it.
   */
  public Meter meter() {
    return meter;
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void watch() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        long asleep = System.nanoTime();
        Thread.sleep(NAP.toMillis());
        meter.record(Timing.PROCESS_STALL, System.nanoTime() - asleep - NAP.toNanos());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
