package io.vachub.policy;

import java.util.Optional;

/**
 * Which streams a pod refuses although it is not full: power of d choices, made by the servers. A
 * client that accepts handoffs retries at once, and any pod takes its last attempt.
 */
public final class Refusal {

  /** The maximum of choices. */
  public static final int MAX_CHOICES = 8;

  /** After so many attempts even a pod that shuts down takes a stream. */
  public static final int MAX_ATTEMPTS = 32;

  /** With this number of random draws per pod, a given pod is found with a probability of 95 %. */
  private static final double DRAWS_PER_POD = 3;

  /** How many times the mean of all pods the newer pods may hold. */
  private static final int MOST_ON_NEWER = 2;

  private final int choices;

  /**
   * The rule for one pod.
   *
   * @param choices d, how many pods a stream may try before one that holds the mean takes it: 1
   *     (the first pod takes it, and only a pod that shuts down refuses) to {@value #MAX_CHOICES}
   */
  public Refusal(int choices) {
    this.choices = choices;
  }

  /**
   * Whether and why to refuse a new stream.
   *
   * @param own the open streams of this pod, without the new one
   * @param fleet the last reading of the peers, or {@link Fleet#UNKNOWN} if it is out of date
   * @param leaving whether this pod shuts down
   * @param accepts whether the client accepts handoffs; others are never refused
   * @param attempt how many times in a row this stream was refused, 0 at first
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

  /** A new revision with only few pods, such as a canary, must not get all streams. */
  private static boolean makesWay(int own, Fleet fleet) {
    return fleet.isOutdated() && fleet.meanOfPeers() <= fleet.meanOfAll(own) * MOST_ON_NEWER;
  }

  /** The number of attempts that finds, at random, one of the pods that stay. */
  private int attemptsToLeave(Fleet fleet) {
    int takers = Math.max(1, fleet.streams().size());
    int pods = 1 + Math.max(fleet.asked(), takers);
    int draws = (int) Math.ceil(DRAWS_PER_POD * pods / takers);
    return Math.max(choices - 1, Math.min(MAX_ATTEMPTS, draws));
  }
}
