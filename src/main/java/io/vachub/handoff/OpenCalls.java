package io.vachub.handoff;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vachub.policy.HandoffReason;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/** The application calls that are open, and the count of how they ended. */
@Component
public class OpenCalls {

  private static final Comparator<HandoffCall<?, ?>> OLDEST_FIRST =
      (a, b) -> Long.signum(a.startNanos() - b.startNanos());

  private final Set<HandoffCall<?, ?>> calls = ConcurrentHashMap.newKeySet();
  private final Map<HandoffReason, Counter> handedOff = new EnumMap<>(HandoffReason.class);
  private final Counter cut;

  OpenCalls(MeterRegistry registry) {
    for (HandoffReason reason : HandoffReason.values()) {
      handedOff.put(
          reason,
          Counter.builder("vachub.streams.handed.off")
              .description("Streams that the server ended well")
              .tag("reason", reason.label())
              .register(registry));
    }
    cut =
        Counter.builder("vachub.streams.cut")
            .description(
                "Streams that ended otherwise than by completion, handoff or the client's cancel")
            .register(registry);
  }

  /** How many calls are open. */
  public int count() {
    return calls.size();
  }

  /**
   * Hands the oldest calls off that can be and were not yet asked to.
   *
   * @param share of those calls, above 0 and up to 1; rounded up to whole calls
   */
  public void handOffOldest(double share, HandoffReason reason) {
    List<HandoffCall<?, ?>> candidates =
        calls.stream().filter(HandoffCall::canBeHandedOff).sorted(OLDEST_FIRST).toList();
    candidates.stream()
        .limit((long) Math.ceil(candidates.size() * share))
        .forEach(call -> call.handOff(reason));
  }

  /** The oldest calls that can be handed off and started no later than this, at most so many. */
  List<HandoffCall<?, ?>> oldest(int atMost, long startedNoLaterThan) {
    return calls.stream()
        .filter(HandoffCall::canBeHandedOff)
        .filter(call -> call.startNanos() - startedNoLaterThan <= 0)
        .sorted(OLDEST_FIRST)
        .limit(atMost)
        .toList();
  }

  void add(HandoffCall<?, ?> call) {
    calls.add(call);
  }

  void remove(HandoffCall<?, ?> call, HandoffCall.Ending ending) {
    calls.remove(call);
    switch (ending) {
      case HANDED_OFF -> handedOff.get(call.reason()).increment();
      case CUT -> cut.increment();
      case COMPLETED, CANCELLED_BY_CLIENT -> {}
    }
  }
}
