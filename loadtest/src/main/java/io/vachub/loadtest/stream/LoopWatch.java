package io.vachub.loadtest.stream;

import io.vachub.loadtest.measure.Timing;
import io.vachub.loadtest.pace.Timed;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;

/**
 * Watches whether an event loop keeps up: how late it comes to what is due each 10 ms, and which
 * share of its time it is busy. Used on its loop, but for {@link #busyShare()}.
 */
final class LoopWatch extends Timed {

  private static final long BEAT_NANOS = Duration.ofMillis(10).toNanos();
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final Lane lane;
  private long nextBeatNanos;
  private long startNanos;
  private long startCpuNanos;
  private volatile double busyShare;

  LoopWatch(Lane lane) {
    this.lane = lane;
  }

  void start() {
    startNanos = lane.clock().nanos();
    startCpuNanos = cpuNanos();
    nextBeatNanos = startNanos + BEAT_NANOS;
    lane.wheel().schedule(this, nextBeatNanos);
  }

  void stop() {
    lane.wheel().cancel(this);
    long elapsed = lane.clock().nanos() - startNanos;
    busyShare = elapsed > 0 ? (double) (cpuNanos() - startCpuNanos) / elapsed : 0;
  }

  /** Processor time over time between start and stop; 0 before, and where the JVM cannot tell. */
  double busyShare() {
    return busyShare;
  }

  /** Beats that a stall swallowed count as well, each by its own delay. */
  @Override
  protected void due() {
    long now = lane.clock().nanos();
    for (; nextBeatNanos <= now; nextBeatNanos += BEAT_NANOS) {
      lane.meter().record(Timing.EVENT_LOOP_DELAY, now - nextBeatNanos);
    }
    lane.wheel().schedule(this, nextBeatNanos);
  }

  private static long cpuNanos() {
    return THREADS.isCurrentThreadCpuTimeSupported() ? THREADS.getCurrentThreadCpuTime() : 0;
  }
}
