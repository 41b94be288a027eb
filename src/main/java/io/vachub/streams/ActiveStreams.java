package io.vachub.streams;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vachub.policy.RefusalReason;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The application calls that are open on this pod now, as {@code grpc_server_active_streams}: one
 * series without labels, present from the start with 0, because the HPA treats a missing series as
 * an unknown load and would add up several.
 */
public class ActiveStreams {

  static final String METRIC = "grpc_server_active_streams";

  private final AtomicInteger active = new AtomicInteger();
  private final int maxActive;
  private final int capacity;
  private final Map<RefusalReason, Counter> rejected = new EnumMap<>(RefusalReason.class);

  ActiveStreams(StreamsProperties properties, MeterRegistry registry) {
    this.maxActive = properties.maxActive();
    this.capacity = properties.capacity();
    Gauge.builder("grpc.server.active.streams", active, AtomicInteger::get)
        .description("Application calls that are open now")
        .register(registry);
    Gauge.builder("grpc.server.stream.utilization", this, ActiveStreams::utilization)
        .description(
            "Open application calls as a share of vachub.streams.max-active or, if that is 0, of"
                + " vachub.streams.target; at most 1; 0 if neither is set")
        .register(registry);
    for (RefusalReason reason : RefusalReason.values()) {
      rejected.put(
          reason,
          Counter.builder("vachub.streams.rejected")
              .description("Streams refused before any response header, by reason")
              .tag("reason", reason.label())
              .register(registry));
    }
  }

  /** The number of application calls that are open now; never negative. */
  public int count() {
    return active.get();
  }

  /** The number of streams of a full pod; utilization is a share of it. 0 if unknown. */
  public int capacity() {
    return capacity;
  }

  /** The limit, or 0 if there is none. */
  int max() {
    return maxActive;
  }

  /** Counts a call, or returns false if the pod is full. */
  boolean tryOpen() {
    if (maxActive == 0) {
      active.incrementAndGet();
      return true;
    }
    int before = active.getAndUpdate(open -> open < maxActive ? open + 1 : open);
    return before < maxActive;
  }

  void countRefusal(RefusalReason reason) {
    rejected.get(reason).increment();
  }

  void close() {
    active.decrementAndGet();
  }

  private double utilization() {
    return capacity == 0 ? 0 : Math.min(1, (double) count() / capacity);
  }
}
