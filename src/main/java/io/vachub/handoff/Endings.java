package io.vachub.handoff;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vachub.policy.HandoffReason;
import java.util.EnumMap;
import java.util.Map;

/** Counts how streams ended, each once. */
class Endings {

  private final Map<Ending, Counter> ended = new EnumMap<>(Ending.class);
  private final Map<HandoffReason, Counter> fromAccepting;
  private final Map<HandoffReason, Counter> fromSilent;
  private final Counter cut;

  Endings(MeterRegistry registry) {
    for (Ending ending : Ending.values()) {
      ended.put(
          ending,
          Counter.builder("vachub.streams.ended")
              .description("Streams that ended, each counted once, by how they ended")
              .tag("ending", ending.label())
              .register(registry));
    }
    fromAccepting = handedOff(registry, "accepts");
    fromSilent = handedOff(registry, "silent");
    cut =
        Counter.builder("vachub.streams.cut")
            .description("Streams that the server failed or force-closed")
            .register(registry);
  }

  private static Map<HandoffReason, Counter> handedOff(MeterRegistry registry, String client) {
    Map<HandoffReason, Counter> counters = new EnumMap<>(HandoffReason.class);
    for (HandoffReason reason : HandoffReason.values()) {
      counters.put(
          reason,
          Counter.builder("vachub.streams.handed.off")
              .description("Streams that were handed off, by reason and kind of client")
              .tag("reason", reason.label())
              .tag("client", client)
              .register(registry));
    }
    return counters;
  }

  void count(Ending ending) {
    ended.get(ending).increment();
    if (ending.isCut()) {
      cut.increment();
    }
  }

  void countHandoff(HandoffReason reason, boolean accepted) {
    count(Ending.HANDED_OFF);
    (accepted ? fromAccepting : fromSilent).get(reason).increment();
  }
}
