package io.vachub.policy;

import java.util.List;

/**
 * What a pod read of its peers. Peers that leave or are of an older revision are no place for a
 * stream: they answered, but their streams are not in {@code streams}.
 *
 * @param peers how many other pods there are
 * @param asked how many of them were asked: all, or a sample
 * @param answered how many of those gave an answer
 * @param streams the streams open on each that answered and stays
 * @param newer how many of those are of a newer revision than this pod; 0 unless it is outdated
 */
public record Fleet(int peers, int asked, int answered, List<Integer> streams, int newer) {

  /** Before the first reading, and where there are no peers. */
  public static final Fleet UNKNOWN = new Fleet(0, 0, 0, List.of(), 0);

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
    List<Integer> streams =
        staying.stream()
            .filter(peer -> peer.revision().isSameAs(current))
            .map(Peer::streams)
            .toList();
    int newer = own.isSameAs(current) ? 0 : streams.size();
    return new Fleet(peers, asked, answers.size(), streams, newer);
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

  /** The same without the peers that have no stream, which may not take any yet. */
  double meanOfTaking(int own) {
    return mean(own, streams.stream().filter(open -> open > 0).toList());
  }

  private static double mean(int own, List<Integer> streams) {
    int cut = (streams.size() + 1) / 4;
    long sum = own;
    int highest = Integer.MAX_VALUE;
    if (cut > 0) {
      int[] sorted = streams.stream().mapToInt(Integer::intValue).sorted().toArray();
      highest = sorted[sorted.length - 1 - cut];
    }
    for (int open : streams) {
      sum += Math.min(open, highest);
    }
    return (double) sum / (streams.size() + 1);
  }
}
