package io.vachub.loadtest.watch;

import io.vachub.loadtest.measure.Cause;
import java.util.Map;

/**
 * One pod, by its metrics page.
 *
 * @param name its address and port
 * @param state whether its page answers
 * @param streams open now
 * @param connections open now
 * @param accepting whether it takes new streams, as far as it says
 * @param messagesPerSecond processed since its page was read before
 * @param messages processed since the watch began
 * @param causes streams handed off, refused and ended with an error since the watch began
 */
public record Pod(
    String name,
    State state,
    long streams,
    long connections,
    boolean accepting,
    double messagesPerSecond,
    long messages,
    Map<Cause, Long> causes) {

  /** Whether a pod's page answers. */
  public enum State {
    /** It does. */
    ANSWERS,
    /** It does not, and DNS still has its address. */
    SILENT,
    /** It does not, and DNS no longer has its address. */
    GONE
  }

  /** What is wrong with the pod, in a word or two; empty if nothing is. */
  public String remark() {
    return switch (state) {
      case SILENT -> "no answer";
      case GONE -> "gone";
      case ANSWERS -> accepting ? "" : "leaving";
    };
  }

  /** Streams that ended by this kind of cause. */
  public long ended(Cause.Kind kind) {
    return causes.entrySet().stream()
        .filter(entry -> entry.getKey().kind() == kind)
        .mapToLong(Map.Entry::getValue)
        .sum();
  }
}
