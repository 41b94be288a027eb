package io.vachub.loadtest.report;

import io.vachub.loadtest.fleet.SimulatedEnding;
import io.vachub.loadtest.simulation.Interval;
import io.vachub.loadtest.simulation.Result;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Simulations as CSV: a row for each interval, and a column for each cause and pod. Columns that a
 * load's CSV has too have the same name.
 */
public final class SimulationCsv {

  private static final List<SimulatedEnding> CAUSES =
      Arrays.stream(SimulatedEnding.values()).filter(how -> how.cause() != null).toList();

  private SimulationCsv() {}

  /** The whole file. */
  public static String write(SimulationReport report) {
    int pods =
        report.results().values().stream()
            .flatMap(result -> result.intervals().stream())
            .mapToInt(interval -> interval.streamsByPod().length)
            .max()
            .orElse(0);
    StringBuilder csv = new StringBuilder();
    append(csv, header(report.isSingle(), pods));
    report
        .results()
        .forEach(
            (label, result) -> {
              for (Interval interval : result.intervals()) {
                append(csv, row(report.isSingle(), label, result, interval, pods));
              }
            });
    return csv.toString();
  }

  private static List<String> header(boolean single, int pods) {
    List<String> cells = new ArrayList<>();
    if (!single) {
      cells.add("settings");
    }
    cells.addAll(
        List.of(
            "second",
            "planned_streams",
            "open_streams",
            "max_over_mean",
            "needed_pods",
            "desired_pods",
            "ready_pods",
            "fullest_pod",
            "emptiest_pod",
            "moved_per_minute"));
    CAUSES.forEach(how -> cells.add("ended_" + how.cause().key()));
    for (int pod = 0; pod < pods; pod++) {
      cells.add("streams_" + SimulationJson.podName(pod));
    }
    return cells;
  }

  private static List<String> row(
      boolean single, String label, Result result, Interval interval, int pods) {
    List<String> cells = new ArrayList<>();
    if (!single) {
      cells.add('"' + label.replace("\"", "\"\"") + '"');
    }
    double perMinute = 60.0 / result.settings().sampleEvery().toSeconds();
    cells.addAll(
        List.of(
            Integer.toString(interval.second()),
            Integer.toString(interval.planned()),
            Integer.toString(interval.open()),
            String.format(Locale.ROOT, "%.3f", interval.maxOverMean()),
            Integer.toString(interval.needed()),
            Integer.toString(interval.desired()),
            Integer.toString(interval.ready()),
            Integer.toString(interval.fullest()),
            Integer.toString(interval.emptiest()),
            String.format(Locale.ROOT, "%.0f", interval.moved() * perMinute)));
    CAUSES.forEach(how -> cells.add(interval.ended().getOrDefault(how, 0L).toString()));
    int[] streams = interval.streamsByPod();
    for (int pod = 0; pod < pods; pod++) {
      cells.add(pod < streams.length ? Integer.toString(streams[pod]) : "0");
    }
    return cells;
  }

  private static void append(StringBuilder csv, List<String> cells) {
    csv.append(String.join(",", cells)).append('\n');
  }
}
