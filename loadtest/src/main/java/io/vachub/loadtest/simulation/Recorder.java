package io.vachub.loadtest.simulation;

import io.vachub.loadtest.autoscale.HpaSettings;
import io.vachub.loadtest.fleet.Pods;
import io.vachub.loadtest.fleet.SimulatedEnding;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Records what is reported of a simulated fleet, second by second. */
final class Recorder {

  /** In a larger fleet the pods cannot be told apart in a chart. */
  private static final int MOST_PODS_EACH = 200;

  /** A change of the load by more than this share within a second is a step. */
  private static final double STEP = 0.05;

  private static final int NEVER = -1;

  private final Settings settings;
  private final Pods pods;
  private final List<Interval> intervals = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>();
  private final long[] ended = new long[SimulatedEnding.values().length];
  private final long[] endedBefore = new long[SimulatedEnding.values().length];

  private final List<Result.Rollout> rollouts = new ArrayList<>();
  private boolean inRollout;
  private int rolloutAt;
  private int rolloutPods;
  private long movedBefore;

  private int planned;
  private boolean inStep;
  private int stepAt;
  private int stepPlanned;
  private int enoughAfter;

  private int open;
  private int peak;
  private long opened;
  private long openMillis;
  private long plannedMillis;
  private int countedUntil;

  private int ready;
  private int shuttingDown;
  private int fullest;
  private int emptiest;
  private int onReady;

  Recorder(Settings settings, Pods pods) {
    this.settings = settings;
    this.pods = pods;
  }

  void opened(int nowMillis, int onPod) {
    count(nowMillis);
    open++;
    opened++;
    peak = Math.max(peak, onPod);
  }

  void closed(int nowMillis) {
    count(nowMillis);
    open--;
  }

  void ended(SimulatedEnding how) {
    ended[how.ordinal()]++;
  }

  private void count(int nowMillis) {
    int passed = nowMillis - countedUntil;
    openMillis += (long) open * passed;
    plannedMillis += (long) planned * passed;
    countedUntil = nowMillis;
  }

  /** From now on so many streams should be open. */
  void planned(int second, int streams) {
    count(second * 1000);
    if (Math.abs(streams - planned) > STEP * Math.max(1, planned)) {
      beginStep(second, streams);
    }
    planned = streams;
  }

  /** A new revision is rolled out to so many pods. */
  void rolloutBegins(int second, int podsThen) {
    inRollout = true;
    rolloutAt = second;
    rolloutPods = podsThen;
    movedBefore = moved();
  }

  /** The pods are looked at; a rollout is over when the last old one is gone. */
  void rollout(int second, boolean isOver) {
    if (inRollout && isOver) {
      double moves = open > 0 ? (double) (moved() - movedBefore) / open : 0;
      rollouts.add(new Result.Rollout(rolloutAt, rolloutPods, second - rolloutAt, moves));
      inRollout = false;
    }
  }

  private long moved() {
    long moved = 0;
    for (SimulatedEnding how : SimulatedEnding.values()) {
      moved += how.isHandoff() ? ended[how.ordinal()] : 0;
    }
    return moved;
  }

  /** A pod has joined a fleet that is not scaled. */
  void joined(int second) {
    beginStep(second, planned);
  }

  private void beginStep(int second, int streams) {
    endStep(OptionalInt.empty());
    inStep = true;
    stepPlanned = streams;
    stepAt = second;
    enoughAfter = NEVER;
  }

  private void endStep(OptionalInt even) {
    if (inStep) {
      OptionalInt enough = enoughAfter == NEVER ? OptionalInt.empty() : OptionalInt.of(enoughAfter);
      steps.add(new Step(stepAt, stepPlanned, enough, even));
      inStep = false;
    }
  }

  /** At the end of each second. */
  void second(int second, int desired) {
    boolean sampled = second % settings.sampleEvery().toSeconds() == 0;
    if (!inStep && !sampled) {
      return;
    }
    look();
    if (inStep && second > stepAt) {
      judgeStep(second);
    }
    if (sampled) {
      record(second, desired);
    }
  }

  private void look() {
    ready = 0;
    shuttingDown = 0;
    fullest = 0;
    emptiest = Integer.MAX_VALUE;
    onReady = 0;
    for (int pod = 0; pod < pods.made(); pod++) {
      Pods.State state = pods.state(pod);
      if (state == Pods.State.READY) {
        ready++;
        onReady += pods.open(pod);
        fullest = Math.max(fullest, pods.open(pod));
        emptiest = Math.min(emptiest, pods.open(pod));
      } else if (state == Pods.State.QUIET || state == Pods.State.DRAINING) {
        shuttingDown++;
      }
    }
  }

  private void judgeStep(int second) {
    int allowed = settings.fleet().autoscaler().map(this::leftAlone).orElse(0);
    if (ready < allowed) {
      return;
    }
    if (enoughAfter == NEVER) {
      enoughAfter = second - stepAt;
    }
    double mean = mean();
    // One stream more than the mean is as even as whole streams get.
    if (fullest <= settings.evenBelow() * mean || fullest - mean <= 1) {
      endStep(OptionalInt.of(second - stepAt));
    }
  }

  /** With so many pods the HPA wants no more. */
  private int leftAlone(HpaSettings hpa) {
    int pods = (int) Math.ceil(planned / (settings.fleet().target() * (1 + hpa.tolerances().up())));
    return Math.min(hpa.maxReplicas(), Math.max(hpa.minReplicas(), pods));
  }

  private void record(int second, int desired) {
    Map<SimulatedEnding, Long> since = new EnumMap<>(SimulatedEnding.class);
    for (SimulatedEnding how : SimulatedEnding.values()) {
      long more = ended[how.ordinal()] - endedBefore[how.ordinal()];
      if (more > 0 && how.cause() != null) {
        since.put(how, more);
      }
      endedBefore[how.ordinal()] = ended[how.ordinal()];
    }
    intervals.add(
        new Interval(
            second,
            planned,
            open,
            needed(),
            desired,
            ready,
            shuttingDown,
            fullest,
            ready > 0 ? emptiest : 0,
            mean(),
            since,
            streamsByPod()));
  }

  private int[] streamsByPod() {
    if (pods.made() > MOST_PODS_EACH) {
      return new int[0];
    }
    int[] streams = new int[pods.made()];
    for (int pod = 0; pod < streams.length; pod++) {
      streams[pod] = pods.open(pod);
    }
    return streams;
  }

  private double mean() {
    return ready > 0 ? (double) onReady / ready : 0;
  }

  private int needed() {
    int byTarget = (int) Math.ceil(planned / settings.fleet().target());
    return settings
        .fleet()
        .autoscaler()
        .map(hpa -> Math.max(hpa.minReplicas(), byTarget))
        .orElse(byTarget);
  }

  Result result(int endMillis, long events) {
    count(endMillis);
    endStep(OptionalInt.empty());
    Map<SimulatedEnding, Long> all = new EnumMap<>(SimulatedEnding.class);
    for (SimulatedEnding how : SimulatedEnding.values()) {
      if (ended[how.ordinal()] > 0) {
        all.put(how, ended[how.ordinal()]);
      }
    }
    return new Result(
        settings,
        intervals,
        steps,
        rollouts,
        opened,
        all,
        peak,
        plannedMillis / 1e3,
        openMillis / 1e3,
        events);
  }
}
