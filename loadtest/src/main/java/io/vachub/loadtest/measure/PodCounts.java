package io.vachub.loadtest.measure;

import java.util.Map;
import java.util.TreeMap;

/**
 * What was counted of one pod from the start of the load up to now.
 *
 * @param streams streams that it serves now
 * @param opened streams that it has served, each as often as it came
 * @param messages messages sent to it
 * @param ended its streams that ended early, by cause
 */
public record PodCounts(long streams, long opened, long messages, Map<Cause, Long> ended) {

  PodCounts plus(PodCounts other) {
    Map<Cause, Long> both = new TreeMap<>(ended);
    other.ended.forEach((cause, count) -> both.merge(cause, count, Long::sum));
    return new PodCounts(
        streams + other.streams, opened + other.opened, messages + other.messages, both);
  }
}
