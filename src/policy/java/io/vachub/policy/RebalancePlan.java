package io.vachub.policy;

import java.time.Duration;
import java.util.List;

/**
 * Decides how many streams a pod hands off so that the fleet evens out. It sheds only what it has
 * above the fleet's mean, so a fleet that is full everywhere sheds nothing; and it pauses when what
 * it sheds comes straight back. It has no clock and no thread of its own; the load tester's
 * simulation decides by it too.
 */
public final class RebalancePlan {

  /**
   * The fleet as a pod sees it.
   *
   * @param own the streams open on this pod
   * @param peers how many other pods there are
   * @param asked how many of them were asked
   * @param answers the streams open on each that answered
   */
  public record Fleet(int own, int peers, int asked, List<Integer> answers) {

    private boolean isKnown() {
      return !answers.isEmpty() && answers.size() * 2 >= asked;
    }

    private double mean() {
      long sum = own;
      for (int answer : answers) {
        sum += answer;
      }
      return (double) sum / (answers.size() + 1);
    }
  }

  private static final int FUTILE_ROUNDS_BEFORE_PAUSE = 2;
  private static final int MAX_PAUSE_WINDOWS = 16;

  private final double tolerance;
  private final Duration interval;
  private final Duration window;

  private int lastPeers = -1;

  // A round lasts a window: it begins with the first handoff and is judged at its end.
  private boolean inRound;
  private long roundEndsAt;
  private int ownAtStart;
  private int shedInRound;

  private int futileRounds;
  private int pauseWindows;
  private boolean paused;
  private long pausedUntil;

  /**
   * A plan for one pod.
   *
   * @param tolerance the share above the fleet's mean that is left alone
   * @param interval how often it is asked
   * @param window how long the excess takes to be handed off
   */
  public RebalancePlan(double tolerance, Duration interval, Duration window) {
    this.tolerance = tolerance;
    this.interval = interval;
    this.window = window;
  }

  /**
   * How many streams to hand off during the interval that begins at {@code nanoTime}. Called once
   * an interval, and followed by {@link #handedOff} with how many there were to hand off.
   */
  public int toShed(long nanoTime, Fleet fleet) {
    if (fleet.peers() != lastPeers) {
      lastPeers = fleet.peers();
      startAfresh();
    }
    if (inRound && nanoTime - roundEndsAt >= 0) {
      judgeRound(nanoTime, fleet);
    }
    if (paused && nanoTime - pausedUntil < 0) {
      return 0;
    }
    paused = false;
    if (inRound && futileRounds >= FUTILE_ROUNDS_BEFORE_PAUSE) {
      // After a pause one interval's share shows whether it helps by now.
      return 0;
    }
    return fleet.isKnown() ? share(fleet) : 0;
  }

  /** Notes that streams are handed off during the interval just decided on. */
  public void handedOff(long nanoTime, int own, int streams) {
    if (streams > 0 && !inRound) {
      inRound = true;
      roundEndsAt = nanoTime + window.toNanos();
      ownAtStart = own;
      shedInRound = 0;
    }
    shedInRound += streams;
  }

  /** An interval's share of the excess: the excess spread over the window. */
  private int share(Fleet fleet) {
    double mean = fleet.mean();
    double excess = fleet.own() - mean;
    // One stream more than the mean is as even as whole streams get.
    if (fleet.own() <= mean * (1 + tolerance) || excess <= 1) {
      return 0;
    }
    return (int) Math.ceil(excess * interval.toNanos() / window.toNanos());
  }

  /**
   * A round helped if the count fell by at least half of what a fair balancer takes away: of n pods
   * it gives 1/n of what was shed back to this one.
   */
  private void judgeRound(long nanoTime, Fleet fleet) {
    inRound = false;
    double fairFall = (double) shedInRound * fleet.peers() / (fleet.peers() + 1);
    if ((ownAtStart - fleet.own()) * 2 >= fairFall) {
      futileRounds = 0;
      pauseWindows = 0;
      return;
    }
    futileRounds++;
    if (futileRounds >= FUTILE_ROUNDS_BEFORE_PAUSE) {
      pauseWindows = Math.min(MAX_PAUSE_WINDOWS, Math.max(1, pauseWindows * 2));
      paused = true;
      pausedUntil = nanoTime + pauseWindows * window.toNanos();
    }
  }

  private void startAfresh() {
    inRound = false;
    futileRounds = 0;
    pauseWindows = 0;
    paused = false;
  }
}
