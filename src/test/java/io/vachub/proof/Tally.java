package io.vachub.proof;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What the clients of one run saw. */
final class Tally {

  /** Streams that were opened. */
  final AtomicInteger streams = new AtomicInteger();

  /** Streams that ended with an unknown count. */
  final AtomicInteger cut = new AtomicInteger();

  /** Streams that nobody had accepted yet and that were tried again. */
  final AtomicInteger backOffs = new AtomicInteger();

  /** Streams that the server ended well, by reason. */
  final Map<String, LongAdder> handedOff = new ConcurrentHashMap<>();

  /** What must never happen, in words. */
  final Queue<String> errors = new ConcurrentLinkedQueue<>();

  /** The statuses of what was cut and of what was tried again. */
  final Map<String, LongAdder> statuses = new ConcurrentHashMap<>();

  void handedOff(String reason) {
    handedOff.computeIfAbsent(reason, any -> new LongAdder()).increment();
  }

  void status(String status) {
    statuses.computeIfAbsent(status, any -> new LongAdder()).increment();
  }

  long handedOffTotal() {
    return handedOff.values().stream().mapToLong(LongAdder::sum).sum();
  }

  @Override
  public String toString() {
    return "%s streams, handed off %s, %s cut, %s errors, %s back-offs %s"
        .formatted(streams, handedOff, cut, errors.size(), backOffs, statuses);
  }
}
