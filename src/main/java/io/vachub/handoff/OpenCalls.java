package io.vachub.handoff;

import io.vachub.policy.HandoffReason;
import io.vachub.policy.HandoffSchedule.Due;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The application calls that are open. */
public class OpenCalls {

  private static final Comparator<HandoffCall<?, ?>> OLDEST_FIRST =
      (a, b) -> Long.signum(a.startNanos() - b.startNanos());

  /**
   * Long enough for an answer on its way; short compared to the grace periods after which
   * connections are closed.
   */
  private static final Duration READING_TIME = Duration.ofSeconds(5);

  private final Endings endings;
  private final ForcedClose forcedClose;
  private final CallWheel calls;

  OpenCalls(Endings endings, ForcedClose forcedClose, CallWheel calls) {
    this.endings = endings;
    this.forcedClose = forcedClose;
    this.calls = calls;
  }

  /** How many calls are open. */
  public int count() {
    return calls.count();
  }

  /** Hands off all calls that can be handed off and were not yet. */
  public void handOffAll(HandoffReason reason) {
    thatCanBeHandedOff().forEach(call -> call.handOff(reason));
  }

  /**
   * The handoffs of all calls that can be handed off, oldest first. The caller runs each when it is
   * due.
   *
   * @param accepting whether the calls of clients that accept handoffs are returned, or those of
   *     all others
   */
  public List<Runnable> handoffs(HandoffReason reason, boolean accepting) {
    return thatCanBeHandedOff()
        .filter(call -> call.accepts() == accepting)
        .sorted(OLDEST_FIRST)
        .<Runnable>map(call -> () -> call.handOff(reason))
        .toList();
  }

  /**
   * The oldest calls that can be handed off and started no later than the given time, up to a
   * maximum number.
   *
   * @param silent whether calls of clients that do not accept handoffs are included
   */
  List<HandoffCall<?, ?>> oldest(int atMost, long startedNoLaterThan, boolean silent) {
    return thatCanBeHandedOff()
        .filter(call -> silent || call.accepts())
        .filter(call -> call.startNanos() - startedNoLaterThan <= 0)
        .sorted(OLDEST_FIRST)
        .limit(atMost)
        .toList();
  }

  private Stream<HandoffCall<?, ?>> thatCanBeHandedOff() {
    List<HandoffCall<?, ?>> found = new ArrayList<>();
    calls.forEach(
        call -> {
          if (call.canBeHandedOff()) {
            found.add(call);
          }
        });
    return found.stream();
  }

  /** Adds a call and schedules its handoff, if it has one. */
  void add(HandoffCall<?, ?> call, Optional<Due> handoff) {
    handoff.ifPresentOrElse(
        due -> {
          call.dueFor(due.reason());
          calls.add(call, due.at());
        },
        () -> calls.add(call));
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

  /** Hands a call off at this {@link System#nanoTime} instead of the scheduled time. */
  void handOffAt(HandoffCall<?, ?> call, long nanoTime, HandoffReason reason) {
    call.dueFor(reason);
    calls.tellAt(call, nanoTime);
  }

  /**
   * Notifies a call that was handed off at the end of the time its client has to read the answer.
   */
  void awaitReading(HandoffCall<?, ?> call) {
    calls.tellAt(call, System.nanoTime() + READING_TIME.toNanos());
  }
}
