package io.vachub.handoff;

import io.vachub.policy.HandoffReason;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import org.springframework.stereotype.Component;

/** The application calls that are open. */
@Component
public class OpenCalls {

  private static final Comparator<HandoffCall<?, ?>> OLDEST_FIRST =
      (a, b) -> Long.signum(a.startNanos() - b.startNanos());

  /** Ample for an answer on its way; short beside the graces after which connections are closed. */
  private static final Duration READING_TIME = Duration.ofSeconds(5);

  private final Set<HandoffCall<?, ?>> calls = ConcurrentHashMap.newKeySet();
  private final Endings endings;
  private final ForcedClose forcedClose;
  private final HandoffTimer timer;

  OpenCalls(Endings endings, ForcedClose forcedClose, HandoffTimer timer) {
    this.endings = endings;
    this.forcedClose = forcedClose;
    this.timer = timer;
  }

  /** How many calls are open. */
  public int count() {
    return calls.size();
  }

  /** Hands all calls off that can be and were not yet asked to. */
  public void handOffAll(HandoffReason reason) {
    calls.stream().filter(HandoffCall::canBeHandedOff).forEach(call -> call.handOff(reason));
  }

  /**
   * The handoffs of all calls that can be handed off, oldest first, each to be run when it is due.
   *
   * @param accepting those of clients that accept handoffs, or those of all others
   */
  public List<Runnable> handoffs(HandoffReason reason, boolean accepting) {
    return calls.stream()
        .filter(HandoffCall::canBeHandedOff)
        .filter(call -> call.accepts() == accepting)
        .sorted(OLDEST_FIRST)
        .<Runnable>map(call -> () -> call.handOff(reason))
        .toList();
  }

  /**
   * The oldest calls that can be handed off and started no later than this, at most so many.
   *
   * @param silent whether those of clients that do not accept a handoff count too
   */
  List<HandoffCall<?, ?>> oldest(int atMost, long startedNoLaterThan, boolean silent) {
    return calls.stream()
        .filter(HandoffCall::canBeHandedOff)
        .filter(call -> silent || call.accepts())
        .filter(call -> call.startNanos() - startedNoLaterThan <= 0)
        .sorted(OLDEST_FIRST)
        .limit(atMost)
        .toList();
  }

  void add(HandoffCall<?, ?> call) {
    calls.add(call);
  }

  void remove(HandoffCall<?, ?> call) {
    calls.remove(call);
  }

  Endings endings() {
    return endings;
  }

  ForcedClose forcedClose() {
    return forcedClose;
  }

  /** Runs the task when a client that was handed off has had its time to read the answer. */
  Future<?> afterReadingTime(Runnable task) {
    return timer.at(System.nanoTime() + READING_TIME.toNanos(), task);
  }
}
