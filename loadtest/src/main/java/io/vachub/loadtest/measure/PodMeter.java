package io.vachub.loadtest.measure;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What one event loop counts of one pod; written by that loop alone. */
public final class PodMeter {

  private final LongAdder streams = new LongAdder();
  private final LongAdder opened = new LongAdder();
  private final LongAdder messages = new LongAdder();
  private final Map<Cause, LongAdder> ended = new ConcurrentHashMap<>();

  PodMeter() {}

  /** A stream is served by this pod. */
  void joined() {
    streams.increment();
    opened.increment();
  }

  /** A stream is served by this pod no longer. */
  public void left() {
    streams.decrement();
  }

  /** A message left for this pod. */
  public void sent() {
    messages.increment();
  }

  /** A stream of this pod ended before its client completed it. */
  public void ended(Cause cause) {
    ended.computeIfAbsent(cause, c -> new LongAdder()).increment();
  }

  PodCounts counts() {
    Map<Cause, Long> causes = new TreeMap<>();
    ended.forEach((cause, count) -> causes.put(cause, count.sum()));
    return new PodCounts(streams.sum(), opened.sum(), messages.sum(), causes);
  }
}
