package io.vachub.policy;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a pod read of its peers. Peers that leave or are of an older revision are no place for a
 * stream; what they hold is yet to come to the others.
 *
 * @param peers how many other pods there are
 * @param asked how many of them were asked: all, or a sample
 * @param answered how many of those gave an answer
 * @param streams the streams open on each that answered and stays
 * @param going the streams open on each that answered and leaves, or goes next
 * @param newer how many of those are of a newer revision than this pod; 0 unless it is outdated
 */
public record Fleet(
    int peers, int asked, int answered, List<Integer> streams, List<Integer> going, int newer) {

  /** Before the first reading, and where there are no peers. */
  public static final Fleet UNKNOWN = new Fleet(0, 0, 0, List.of(), List.of(), 0);

  /**
   * A peer that answered.
   *
   * @param streams the streams open on it
   * @param revision what it runs, and since when
   * @param leaving whether it shuts down
   */
  public record Peer(int streams, Revision revision, boolean leaving) {}

  /** Sorts out which of the peers that answered are a place for streams. */
  public static Fleet of(Revision own, int peers, int asked, List<Peer> answers) {
    List<Peer> staying = answers.stream().filter(peer -> !peer.leaving()).toList();
    Revision current = staying.stream().map(Peer::revision).reduce(own, Revision::laterStarted);
    Map<Boolean, List<Integer>> streams =
        answers.stream()
            .collect(
                Collectors.partitioningBy(
                    peer -> !peer.leaving() && peer.revision().isSameAs(current),
                    Collectors.mapping(Peer::streams, Collectors.toUnmodifiableList())));
    List<Integer> here = streams.get(true);
    int newer = own.isSameAs(current) ? 0 : here.size();
    return new Fleet(peers, asked, answers.size(), here, streams.get(false), newer);
  }

  /** Whether a peer is a newer revision of this pod, which therefore goes next. */
  public boolean isOutdated() {
    return newer > 0;
  }

  /** Whether at least half of those asked answered, and there is a peer that stays. */
  public boolean isKnown() {
    return !streams.isEmpty() && answered * 2 >= asked;
  }

  /**
   * Streams on a pod, on average over the peers and a pod with {@code own}. What the fullest
   * quarter of the peers says counts as no more than what the next one says, so that the few that
   * lie high change little.
   */
  public double mean(int own) {
    return mean(own, streams);
  }

  /**
   * The same once those that go have gone. What each of them says counts as no more than what the
   * fullest of the others holds.
   */
  double meanToCome(int own) {
    return mean(own, streams) + toCome(own) / (streams.size() + 1);
  }

  /** The same without the peers that have no stream, which may not take any yet. */
  double meanToComeOfTaking(int own) {
    List<Integer> taking = streams.stream().filter(open -> open > 0).toList();
    return mean(own, taking) + toCome(own) / (taking.size() + 1);
  }

  /** Streams on a peer that stays, on average; there is one. */
  double meanOfPeers() {
    return (double) sum(streams) / streams.size();
  }

  /** Streams on a pod, on average over all, those that go and this one too. */
  double meanOfAll(int own) {
    return (double) (own + sum(streams) + sum(going)) / (1 + streams.size() + going.size());
  }

  private static long sum(List<Integer> counts) {
    return counts.stream().mapToLong(Integer::intValue).sum();
  }

  private double toCome(int own) {
    if (going.isEmpty()) {
      return 0;
    }
    int most = Math.max(own, highest(streams));
    return going.stream().mapToLong(open -> Math.min(open, most)).sum();
  }

  private static double mean(int own, List<Integer> streams) {
    int highest = highest(streams);
    long sum = own;
    for (int open : streams) {
      sum += Math.min(open, highest);
    }
    return (double) sum / (streams.size() + 1);
  }

  /** The most that is believed. */
  private static int highest(List<Integer> streams) {
    int[] sorted = streams.stream().mapToInt(Integer::intValue).sorted().toArray();
    return sorted.length == 0 ? 0 : sorted[sorted.length - 1 - (sorted.length + 1) / 4];
  }
}
