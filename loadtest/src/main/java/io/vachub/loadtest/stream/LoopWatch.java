package io.vachub.loadtest.stream;

import io.vachub.loadtest.measure.Timing;
import io.vachub.loadtest.pace.Timed;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;

/**
 * Measures whether an event loop keeps up: how late it runs a task that is due each 10 ms, and how
 * much processor time it uses. Used on its loop only.
 */
final class LoopWatch extends Timed {

  private static final long BEAT_NANOS = Duration.ofMillis(10).toNanos();
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final Lane lane;
  private long nextBeatNanos;
  private long startCpuNanos;

  LoopWatch(Lane lane) {
    this.lane = lane;
  }

  void start() {
    startCpuNanos = cpuNanos();
    nextBeatNanos = lane.clock().nanos() + BEAT_NANOS;
    lane.wheel().schedule(this, nextBeatNanos);
  }

  void stop() {
    lane.wheel().cancel(this);
    tell();
  }

  /** Nothing where the JVM cannot tell. */
  private void tell() {
    lane.meter().cpuNanos(cpuNanos() - startCpuNanos);
  }

  /** Runs that a stall prevented count too, each with its own delay. */
  @Override
  protected void due() {
    long now = lane.clock().nanos();
    for (; nextBeatNanos <= now; nextBeatNanos += BEAT_NANOS) {
      lane.meter().record(Timing.EVENT_LOOP_DELAY, now - nextBeatNanos);
    }
    tell();
    lane.wheel().schedule(this, nextBeatNanos);
  }

  private static long cpuNanos() {
    return THREADS.isCurrentThreadCpuTimeSupported() ? THREADS.getCurrentThreadCpuTime() : 0;
  }
}
