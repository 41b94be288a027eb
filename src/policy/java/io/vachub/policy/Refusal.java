package io.vachub.policy;

import java.util.Optional;

/**
 * Whom a pod turns away though it is not full: power of d choices, made by the servers. A client
 * that accepts handoffs tries again at once, and its later attempts are taken wherever they land.
 */
public final class Refusal {

  /** The most choices that are allowed. */
  public static final int MAX_CHOICES = 8;

  /** After so many attempts even a pod that leaves takes a stream. */
  public static final int MAX_ATTEMPTS = 32;

  /** So many draws of a pod out of n find one given pod, but for 5 % of the time. */
  private static final double DRAWS_PER_POD = 3;

  /** Newer pods may be so many times as full as all pods are on average, but no fuller. */
  private static final int MOST_ON_NEWER = 2;

  private final int choices;

  /**
   * A rule for one pod.
   *
   * @param choices d, how many pods a stream may try before one at its share takes it: 1 (the first
   *     takes it, and only a pod that leaves refuses) to {@value #MAX_CHOICES}
   */
  public Refusal(int choices) {
    this.choices = choices;
  }

  /**
   * Whether and why to refuse a new stream.
   *
   * @param own the streams open on this pod now, without the new one
   * @param fleet the last reading of the peers, or {@link Fleet#UNKNOWN} if it is out of date
   * @param leaving whether this pod shuts down
   * @param accepts whether the client accepts handoffs; others are never refused
   * @param attempt how often this stream was refused in a row, 0 at first
   */
  public Optional<RefusalReason> of(
      int own, Fleet fleet, boolean leaving, boolean accepts, int attempt) {
    if (!accepts) {
      return Optional.empty();
    }
    if (leaving || makesWay(own, fleet)) {
      return attempt < attemptsToLeave(fleet)
          ? Optional.of(RefusalReason.LEAVING)
          : Optional.empty();
    }
    return attempt < choices - 1 && fleet.isKnown() && own > 0 && own >= fleet.mean(own)
        ? Optional.of(RefusalReason.ABOVE_MEAN)
        : Optional.empty();
  }

  /** A new revision of which there is only little, such as a canary, is not to get everything. */
  private static boolean makesWay(int own, Fleet fleet) {
    return fleet.isOutdated() && fleet.meanOfPeers() <= fleet.meanOfAll(own) * MOST_ON_NEWER;
  }

  /** As many as it takes to find, by chance, one of the pods that stay. */
  private int attemptsToLeave(Fleet fleet) {
    int takers = Math.max(1, fleet.streams().size());
    int pods = 1 + Math.max(fleet.asked(), takers);
    int draws = (int) Math.ceil(DRAWS_PER_POD * pods / takers);
    return Math.max(choices - 1, Math.min(MAX_ATTEMPTS, draws));
  }
}
