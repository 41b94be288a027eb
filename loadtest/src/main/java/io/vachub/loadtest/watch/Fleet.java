package io.vachub.loadtest.watch;

import io.vachub.loadtest.measure.Cause;
import io.vachub.loadtest.measure.Sample;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A fleet at one time.
 *
 * @param sample the last interval; all streams are planned ones, and pods without any count
 * @param pods all that were ever seen, by name
 */
public record Fleet(Sample sample, List<Pod> pods) {

  /** Why streams moved and ended in the whole fleet since the watch began. */
  public Map<Cause, Long> causes() {
    Map<Cause, Long> sum = new TreeMap<>();
    pods.forEach(pod -> pod.causes().forEach((cause, n) -> sum.merge(cause, n, Long::sum)));
    return sum;
  }

  /** Streams that ended by this kind of cause since the watch began. */
  public long ended(Cause.Kind kind) {
    return pods.stream().mapToLong(pod -> pod.ended(kind)).sum();
  }

  /** Messages processed since the watch began. */
  public long messages() {
    return pods.stream().mapToLong(Pod::messages).sum();
  }

  /** Pods in this state. */
  public long count(Pod.State state) {
    return pods.stream().filter(pod -> pod.state() == state).count();
  }
}
