package io.vachub.policy;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a pod read from its peers. Peers that shut down or have an older revision get no streams;
 * their streams will come to the other pods.
 *
 * @param peers how many other pods there are
 * @param asked how many of them were asked: all, or a sample
 * @param answered how many of those gave an answer
 * @param streams the open streams of each peer that answered and stays
 * @param going the open streams of each peer that answered and shuts down or will be replaced next
 * @param newer how many of the peers that stay have a newer revision than this pod; 0 unless it is
 *     outdated
 */
public record Fleet(
    int peers, int asked, int answered, List<Integer> streams, List<Integer> going, int newer) {

  /** Before the first reading, and where there are no peers. */
  public static final Fleet UNKNOWN = new Fleet(0, 0, 0, List.of(), List.of(), 0);

  /**
   * A peer that answered.
   *
   * @param streams the streams open on it
   * @param revision its revision and start time
   * @param leaving whether it shuts down
   */
  public record Peer(int streams, Revision revision, boolean leaving) {}

  /** Separates the peers that stay from those that will go. */
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

  /** Whether a peer has a newer revision, so that this pod will be replaced next. */
  public boolean isOutdated() {
    return newer > 0;
  }

  /** Whether at least half of the peers that were asked answered, and one of them stays. */
  public boolean isKnown() {
    return !streams.isEmpty() && answered * 2 >= asked;
  }

  /**
   * The mean number of streams of the peers and a pod with {@code own} streams. Values of the
   * fullest quarter of the peers are reduced to that of the next peer, so that a few wrong high
   * values change little.
   */
  public double mean(int own) {
    return mean(own, streams);
  }

  /**
   * The same mean after the pods that will go have gone. The value of each of those is reduced to
   * that of the fullest other pod.
   */
  double meanToCome(int own) {
    return mean(own, streams) + toCome(own) / (streams.size() + 1);
  }

  /** The same mean without the peers that have no stream, which may not be reachable yet. */
  double meanToComeOfTaking(int own) {
    List<Integer> taking = streams.stream().filter(open -> open > 0).toList();
    return mean(own, taking) + toCome(own) / (taking.size() + 1);
  }

  /** The mean number of streams of the peers that stay. Call this only if there is one. */
  double meanOfPeers() {
    return (double) sum(streams) / streams.size();
  }

  /** The mean number of streams of all pods, including those that will go and this one. */
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

  /** The highest value that is used as it is. */
  private static int highest(List<Integer> streams) {
    int[] sorted = streams.stream().mapToInt(Integer::intValue).sorted().toArray();
    return sorted.length == 0 ? 0 : sorted[sorted.length - 1 - (sorted.length + 1) / 4];
  }
}
