package io.vachub.policy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Decides how many streams a pod hands off so that all pods become equally full. A pod sheds only
 * its streams above the mean of all pods, so nothing moves when all are full; it pauses when the
 * shed streams come straight back; and whatever the peers report, it sheds at most a share of its
 * streams per minute. This class has no clock and no thread.
 */
public final class RebalancePlan {

  /**
   * How fast streams are moved.
   *
   * @param tolerance the share above the mean up to which nothing is shed
   * @param interval how often the plan is called
   * @param window the time over which the whole excess is handed off
   * @param maxPerMinute the share of a pod's streams that may be handed off within a minute
   */
  public record Pace(double tolerance, Duration interval, Duration window, double maxPerMinute) {}

  private record Shed(long at, int own, int streams) {}

  private static final long MINUTE = Duration.ofMinutes(1).toNanos();
  private static final int FUTILE_ROUNDS_BEFORE_PAUSE = 2;
  private static final int MAX_PAUSE_WINDOWS = 16;

  private final Pace pace;
  private final long interval;
  private final long window;
  private final Deque<Shed> lastMinute = new ArrayDeque<>();

  private double aboveMean;

  // A round lasts one window: it begins with the first handoff, and its effect is measured at its
  // end.
  private boolean inRound;
  private long roundEndsAt;
  private double aboveMeanAtStart;
  private int shedInRound;

  private int futileRounds;
  private int pauseWindows;
  private boolean paused;
  private long pausedUntil;

  private boolean probing;
  private boolean probed;
  private long nextProbeAt;

  /** A plan for one pod. */
  public RebalancePlan(Pace pace) {
    this.pace = pace;
    this.interval = pace.interval().toNanos();
    this.window = pace.window().toNanos();
  }

  /**
   * How many streams to hand off during the interval that begins at {@code nanoTime}. Call it once
   * per interval, and then {@link #handedOff} with the number that could be handed off.
   */
  public int toShed(long nanoTime, int own, Fleet fleet) {
    probing = false;
    aboveMean = own - fleet.meanToCome(own);
    if (!fleet.isKnown() || fleet.isOutdated()) {
      // A pod that will be replaced next moves its streams when it shuts down.
      return 0;
    }
    if (inRound && nanoTime - roundEndsAt >= 0) {
      judgeRound(nanoTime, fleet.peers());
    }
    if (paused && nanoTime - pausedUntil < 0) {
      return 0;
    }
    paused = false;
    if (inRound && futileRounds >= FUTILE_ROUNDS_BEFORE_PAUSE) {
      // After a pause, one interval's share shows whether shedding helps now.
      return 0;
    }
    int share = share(nanoTime, own, fleet);
    return Math.min(share, leftOfMinute(nanoTime, own));
  }

  /** Records how many streams are handed off during the current interval. */
  public void handedOff(long nanoTime, int own, int streams) {
    if (streams == 0) {
      return;
    }
    lastMinute.add(new Shed(nanoTime, own, streams));
    if (probing) {
      probed = true;
      nextProbeAt = nanoTime + window;
      return;
    }
    if (!inRound) {
      inRound = true;
      roundEndsAt = nanoTime + window;
      aboveMeanAtStart = aboveMean;
      shedInRound = 0;
    }
    shedInRound += streams;
  }

  /** One interval's share of the excess; all of it must be handed off at the end of the round. */
  private int share(long nanoTime, int own, Fleet fleet) {
    double excess = excess(own, fleet.meanToComeOfTaking(own));
    if (excess > 0) {
      if (!inRound) {
        return (int) Math.min(excess, Math.ceil(excess * interval / window));
      }
      // Streams that come straight back are shed in the next round.
      excess = Math.min(excess, aboveMeanAtStart - shedInRound);
      long left = Math.max(interval, roundEndsAt - nanoTime);
      return Math.max(0, (int) Math.min(excess, Math.ceil(excess * interval / left)));
    }
    // A pod without streams may not be reachable yet: one stream per window tests that.
    probing = excess(own, fleet.meanToCome(own)) > 0 && (!probed || nanoTime - nextProbeAt >= 0);
    return probing ? 1 : 0;
  }

  private double excess(int own, double mean) {
    double excess = own - mean;
    // One stream above the mean is as even as whole streams can be.
    return own <= mean * (1 + pace.tolerance()) || excess <= 1 ? 0 : excess;
  }

  private int leftOfMinute(long nanoTime, int own) {
    while (!lastMinute.isEmpty() && nanoTime - lastMinute.peek().at() >= MINUTE) {
      lastMinute.remove();
    }
    int most = own;
    int shed = 0;
    for (Shed before : lastMinute) {
      most = Math.max(most, before.own());
      shed += before.streams();
    }
    return Math.max(0, (int) Math.ceil(most * pace.maxPerMinute()) - shed);
  }

  /**
   * A round helped if the excess fell by at least half of what a fair balancer would take away:
   * with n pods, it returns 1/n of the shed streams to this pod.
   */
  private void judgeRound(long nanoTime, int peers) {
    inRound = false;
    double fairFall = (double) shedInRound * peers / (peers + 1);
    if ((aboveMeanAtStart - aboveMean) * 2 >= fairFall) {
      futileRounds = 0;
      pauseWindows = 0;
      return;
    }
    futileRounds++;
    if (futileRounds >= FUTILE_ROUNDS_BEFORE_PAUSE) {
      pauseWindows = Math.min(MAX_PAUSE_WINDOWS, Math.max(1, pauseWindows * 2));
      paused = true;
      pausedUntil = nanoTime + pauseWindows * window;
    }
  }
}
