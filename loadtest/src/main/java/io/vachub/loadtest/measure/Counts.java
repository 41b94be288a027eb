package io.vachub.loadtest.measure;

import io.vachub.loadtest.account.Account;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was counted from the start of the load up to now.
 *
 * @param account what became of the messages
 * @param late messages that left more than {@link Meter#LATE_NANOS} after their scheduled time
 * @param uncorrectedLate the same, where each wait begins at the send before
 * @param opened streams that a server answered
 * @param unsettledStreams streams that were abandoned at the end of the load
 * @param neverOpened streams that were asked for and never answered by a server
 * @param unsent messages that were due more than {@link Meter#UNSENT_NANOS} before the end of their
 *     stream and never left, or would have been due while it waited longer than that to be opened
 * @param counted whether servers said how many messages they processed; otherwise those that were
 *     answered count as processed, and none can be seen to be lost or doubled
 * @param causes how often a stream ended early, by cause
 * @param texts the words that came with each cause but handoffs, and how often
 * @param pods what was counted of each pod that has ever served a stream
 */
public record Counts(
    Account account,
    long late,
    long uncorrectedLate,
    long opened,
    long unsettledStreams,
    long neverOpened,
    long unsent,
    boolean counted,
    Map<Cause, Long> causes,
    Map<Cause, Map<String, Long>> texts,
    Map<String, PodCounts> pods) {

  /** Nothing counted yet. */
  public static final Counts NONE =
      new Counts(Account.EMPTY, 0, 0, 0, 0, 0, 0, false, Map.of(), Map.of(), Map.of());

  /** Streams open now, by the pod that serves them; 0 for pods that serve none any more. */
  public Map<String, Long> streamsByPod() {
    Map<String, Long> streams = new TreeMap<>();
    pods.forEach((pod, counts) -> streams.put(pod, counts.streams()));
    return streams;
  }

  /** The sum of these counts and those of another load tester. */
  public Counts plus(Counts other) {
    Map<Cause, Long> allCauses = new HashMap<>(causes);
    other.causes.forEach((cause, count) -> allCauses.merge(cause, count, Long::sum));
    Map<Cause, Map<String, Long>> allTexts = new TreeMap<>();
    for (Counts one : List.of(this, other)) {
      one.texts.forEach(
          (cause, said) -> {
            Map<String, Long> all = allTexts.computeIfAbsent(cause, c -> new TreeMap<>());
            said.forEach((text, count) -> all.merge(text, count, Long::sum));
          });
    }
    Map<String, PodCounts> allPods = new TreeMap<>(pods);
    other.pods.forEach((pod, counts) -> allPods.merge(pod, counts, PodCounts::plus));
    return new Counts(
        account.plus(other.account),
        late + other.late,
        uncorrectedLate + other.uncorrectedLate,
        opened + other.opened,
        unsettledStreams + other.unsettledStreams,
        neverOpened + other.neverOpened,
        unsent + other.unsent,
        counted || other.counted,
        Collections.unmodifiableMap(allCauses),
        Collections.unmodifiableMap(allTexts),
        Collections.unmodifiableMap(allPods));
  }

  /** How many streams ended early for this kind of cause. */
  public long ended(Cause.Kind kind) {
    return causes.entrySet().stream()
        .filter(entry -> entry.getKey().kind() == kind)
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** Open streams that ended unexpectedly, for whatever reason. */
  public long cut() {
    return causes.entrySet().stream()
        .filter(entry -> entry.getKey().isCut())
        .mapToLong(Map.Entry::getValue)
        .sum();
  }
}
