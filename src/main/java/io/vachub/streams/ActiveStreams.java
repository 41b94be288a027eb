package io.vachub.streams;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vachub.policy.RefusalReason;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The application calls that are open on this pod right now, as {@code grpc_server_active_streams}:
 * one series without labels, there from the start at 0, because the HPA takes an absent series for
 * an unknown load and adds up several.
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
        .description("Application calls open right now")
        .register(registry);
    Gauge.builder("grpc.server.stream.utilization", this, ActiveStreams::utilization)
        .description(
            "Open application calls as a share of vachub.streams.max-active or, without it, of"
                + " vachub.streams.target, up to 1; 0 if neither is set")
        .register(registry);
    for (RefusalReason reason : RefusalReason.values()) {
      rejected.put(
          reason,
          Counter.builder("vachub.streams.rejected")
              .description("Streams refused before their headers, by why")
              .tag("reason", reason.label())
              .register(registry));
    }
  }

  /** The number of application calls open right now; never negative. */
  public int count() {
    return active.get();
  }

  /** What a full pod has open, of which its utilization is a share; 0 if that is not known. */
  public int capacity() {
    return capacity;
  }

  /** The limit, or 0 if there is none. */
  int max() {
    return maxActive;
  }

  /** Counts a call in, or returns false if the pod is full. */
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
