package io.vachub.loadtest.report;

import static io.vachub.loadtest.report.Summary.appendOutcomes;
import static io.vachub.loadtest.report.Summary.line;

import io.vachub.loadtest.fleet.SimulatedEnding;
import io.vachub.loadtest.load.Durations;
import io.vachub.loadtest.simulation.Interval;
import io.vachub.loadtest.simulation.Result;
import io.vachub.loadtest.simulation.Settings;
import io.vachub.loadtest.simulation.Step;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/** A simulation as text for people; several as a table. */
public final class SimulationSummary {

  private static final int ROWS = 12;
  private static final int MOST_STEPS = 20;

  private SimulationSummary() {}

  /** The text; each line ends in a line feed. */
  public static String write(SimulationReport report) {
    StringBuilder text = new StringBuilder();
    if (report.isSingle()) {
      appendOne(text, report.first());
    } else {
      appendTable(text, report.results());
    }
    long events = report.results().values().stream().mapToLong(Result::events).sum();
    line(
        text,
        "itself     %s events, %s CPU seconds, at most %s MiB",
        Numbers.count(events),
        Numbers.rate(report.cost().cpuSeconds()),
        Numbers.count(report.cost().peakMemoryMib()));
    appendOutcomes(text, report.outcomes());
    return text.toString();
  }

  private static void appendOne(StringBuilder text, Result result) {
    Settings settings = result.settings();
    line(
        text,
        "simulated  %s on %s pods, %s, seed %d",
        Numbers.count(settings.load().streams(), "stream"),
        settings
            .fleet()
            .autoscaler()
            .map(hpa -> hpa.minReplicas() + " to " + hpa.maxReplicas())
            .orElse("" + (settings.fleet().atStart() + settings.fleet().joins().size())),
        Durations.format(settings.load().duration()),
        settings.seed());
    line(text, "");
    appendPods(text, result.intervals());
    line(text, "");
    appendSteps(text, result.steps());
    for (Result.Rollout rollout : result.rollouts()) {
      line(
          text,
          "rollout    %8s  %12s: over after %d s, %s moves per stream",
          Numbers.clock(rollout.second()),
          Numbers.count(rollout.pods(), "pod"),
          rollout.seconds(),
          Numbers.ratio(rollout.moves()));
    }
    line(
        text,
        "pods       %s on average, %s needed; missing %s pod minutes, spare %s",
        Numbers.rate(result.readyPods()),
        Numbers.rate(result.neededPods()),
        Numbers.rate(result.missingPodMinutes()),
        Numbers.rate(result.sparePodMinutes()));
    line(
        text,
        "balance    max/mean %s at the end, %s on average; at most %s on one pod",
        Numbers.ratio(result.maxOverMeanAtEnd()),
        Numbers.ratio(result.maxOverMean()),
        Numbers.count(result.peak(), "stream"));
    line(
        text,
        "moved      %s of the open streams per minute, %s in total",
        percent(result.movedPerMinute()),
        Numbers.count(result.moved()));
    line(text, "streams    opened     %15s", Numbers.count(result.opened()));
    result
        .ended()
        .forEach(
            (how, count) ->
                line(
                    text,
                    "           %-26s",
                    (how.cause() == null ? "completed" : how.cause().title())
                        + "  "
                        + Numbers.count(count)));
    line(
        text, "waiting    %s of the stream time, to open a stream", percent(result.waitingShare()));
  }

  private static void appendPods(StringBuilder text, List<Interval> intervals) {
    line(
        text,
        "%8s %12s %8s %8s %8s %9s %9s",
        "time",
        "streams",
        "needed",
        "desired",
        "ready",
        "max/mean",
        "fullest");
    for (int row = 1; row <= ROWS; row++) {
      int at = intervals.size() * row / ROWS - 1;
      if (at < 0 || at == intervals.size() * (row - 1) / ROWS - 1) {
        continue;
      }
      Interval interval = intervals.get(at);
      line(
          text,
          "%8s %12s %8s %8s %8s %9s %9s",
          Numbers.clock(interval.second()),
          Numbers.count(interval.open()),
          Numbers.count(interval.needed()),
          Numbers.count(interval.desired()),
          Numbers.count(interval.ready()),
          Numbers.ratio(interval.maxOverMean()),
          Numbers.count(interval.fullest()));
    }
  }

  private static void appendSteps(StringBuilder text, List<Step> steps) {
    for (Step step : steps.subList(0, Math.min(MOST_STEPS, steps.size()))) {
      line(
          text,
          "step       %8s  %12s: enough pods %s, even %s",
          Numbers.clock(step.second()),
          Numbers.count(step.planned(), "stream"),
          after(step.enough()),
          after(step.even()));
    }
    if (steps.size() > MOST_STEPS) {
      line(text, "           and %s more steps", Numbers.count(steps.size() - MOST_STEPS));
    }
  }

  private static void appendTable(StringBuilder text, Map<String, Result> results) {
    int width = Math.max(8, results.keySet().stream().mapToInt(String::length).max().orElseThrow());
    String row = "%-" + width + "s %7s %7s %8s %8s %8s %8s %6s %8s %7s %8s %7s";
    line(
        text,
        row,
        "",
        "pods",
        "needed",
        "missing",
        "spare",
        "max/mean",
        "even",
        "peak",
        "moved/m",
        "cut",
        "refused",
        "waiting");
    results.forEach(
        (label, result) ->
            line(
                text,
                row,
                label,
                Numbers.rate(result.readyPods()),
                Numbers.rate(result.neededPods()),
                Numbers.rate(result.missingPodMinutes()),
                Numbers.rate(result.sparePodMinutes()),
                Numbers.ratio(result.maxOverMean()),
                even(result.steps()),
                Numbers.count(result.peak()),
                percent(result.movedPerMinute()),
                Numbers.count(result.ended(SimulatedEnding.CUT)),
                Numbers.count(result.refused()),
                percent(result.waitingShare())));
    line(text, "");
    line(text, "pods, needed: on average · missing, spare: pod minutes · max/mean: on average ·");
    line(text, "even: time to even after the last step · peak: most streams on one pod ·");
    line(
        text,
        "moved/m: share of the open streams handed off in a minute · waiting: of the stream time");
  }

  private static String even(List<Step> steps) {
    if (steps.isEmpty()) {
      return "-";
    }
    OptionalInt seconds = steps.get(steps.size() - 1).even();
    return seconds.isPresent() ? seconds.getAsInt() + "s" : "never";
  }

  private static String after(OptionalInt seconds) {
    return seconds.isPresent() ? "after " + seconds.getAsInt() + " s" : "not before the next step";
  }

  static String percent(double share) {
    return String.format(Locale.ROOT, share < 0.1 ? "%.2f %%" : "%.1f %%", share * 100);
  }
}
