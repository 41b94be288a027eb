package io.vachub.loadtest.simulation;

import io.vachub.loadtest.fleet.SimulatedEnding;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.ToDoubleFunction;

/**
 * The result of a simulation.
 *
 * @param settings what was simulated
 * @param intervals the fleet over time
 * @param steps the load's steps, and how long the fleet took to settle after each
 * @param rollouts those that came to their end
 * @param opened streams that a pod took
 * @param ended streams that ended early, and attempts to open one, by how
 * @param peak most streams that were ever on one pod
 * @param plannedSeconds stream seconds that there should have been
 * @param openSeconds stream seconds that there were
 * @param events what happened to streams and pods, in all
 */
public record Result(
    Settings settings,
    List<Interval> intervals,
    List<Step> steps,
    List<Rollout> rollouts,
    long opened,
    Map<SimulatedEnding, Long> ended,
    int peak,
    double plannedSeconds,
    double openSeconds,
    long events) {

  /**
   * A rollout.
   *
   * @param second when it began
   * @param pods how many it replaced
   * @param seconds until the last old pod was gone
   * @param moves how often each stream was handed off meanwhile, for whatever reason
   */
  public record Rollout(int second, int pods, int seconds, double moves) {}

  /** How often each stream was handed off in a rollout, on average over them; 0 if none ended. */
  public double movesPerRollout() {
    return rollouts.stream().mapToDouble(Rollout::moves).average().orElse(0);
  }

  /** Attempts that a pod refused. */
  public long refused() {
    return ended(SimulatedEnding.REFUSED_FULL)
        + ended(SimulatedEnding.REFUSED_ABOVE_MEAN)
        + ended(SimulatedEnding.REFUSED_LEAVING);
  }

  /** The share of the stream time that was spent without a stream, 0 to 1. */
  public double waitingShare() {
    return plannedSeconds > 0 ? Math.max(0, 1 - openSeconds / plannedSeconds) : 0;
  }

  /** How many streams ended in this way. */
  public long ended(SimulatedEnding how) {
    return ended.getOrDefault(how, 0L);
  }

  /** Streams that were handed off. */
  public long moved() {
    return ended.entrySet().stream()
        .filter(entry -> entry.getKey().isHandoff())
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** The share of the open streams that is handed off in a minute, on average. */
  public double movedPerMinute() {
    return openSeconds > 0 ? moved() * 60 / openSeconds : 0;
  }

  /** Pods that served, on average. */
  public double readyPods() {
    return average(Interval::ready);
  }

  /** Pods that were needed, on average. */
  public double neededPods() {
    return average(Interval::needed);
  }

  /** Minutes for which a pod was missing, added up over the pods. */
  public double missingPodMinutes() {
    return average(interval -> Math.max(0, interval.needed() - interval.ready())) * minutes();
  }

  /** Minutes for which a pod was there and not needed, added up over the pods. */
  public double sparePodMinutes() {
    return average(interval -> Math.max(0, interval.ready() - interval.needed())) * minutes();
  }

  /** The fullest pod over the mean, averaged over the time in which streams were open. */
  public double maxOverMean() {
    return intervals.stream()
        .filter(interval -> interval.open() > 0)
        .mapToDouble(Interval::maxOverMean)
        .average()
        .orElse(0);
  }

  /** The fullest pod over the mean at the end. */
  public double maxOverMeanAtEnd() {
    return intervals.isEmpty() ? 0 : intervals.get(intervals.size() - 1).maxOverMean();
  }

  /** The longest time to even after a step; empty if there was none, or not after each of them. */
  public OptionalInt slowestEven() {
    return steps.stream().allMatch(step -> step.even().isPresent())
        ? steps.stream().mapToInt(step -> step.even().getAsInt()).max()
        : OptionalInt.empty();
  }

  private double minutes() {
    return settings.load().duration().toSeconds() / 60.0;
  }

  private double average(ToDoubleFunction<Interval> of) {
    return intervals.stream().mapToDouble(of).average().orElse(0);
  }
}
