package io.vachub.loadtest.report;

import io.vachub.loadtest.measure.Cause;
import io.vachub.loadtest.measure.Percentiles;
import io.vachub.loadtest.measure.Sample;
import io.vachub.loadtest.measure.Timing;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** The samples of a report as CSV: a row an interval, and a column for each cause and pod seen. */
public final class CsvReport {

  private static final Percentiles NONE = new Percentiles(Double.NaN, Double.NaN, Double.NaN, 0);

  private CsvReport() {}

  /** The whole file. */
  public static String write(Report report) {
    return write(report.series());
  }

  /** The same for any samples. */
  public static String write(List<Sample> series) {
    Set<Cause> causes = new TreeSet<>();
    Set<String> pods = new TreeSet<>();
    for (Sample sample : series) {
      causes.addAll(sample.causes().keySet());
      pods.addAll(sample.streamsByPod().keySet());
    }
    StringBuilder csv = new StringBuilder();
    append(csv, header(causes, pods));
    for (Sample sample : series) {
      append(csv, row(sample, causes, pods));
    }
    return csv.toString();
  }

  private static List<String> header(Set<Cause> causes, Set<String> pods) {
    List<String> cells =
        new ArrayList<>(
            List.of(
                "second",
                "planned_streams",
                "open_streams",
                "max_over_mean",
                "messages_per_second",
                "late_messages"));
    for (Timing timing : Timing.values()) {
      cells.add("p50_" + timing.key() + "_ms");
      cells.add("p99_" + timing.key() + "_ms");
    }
    causes.forEach(cause -> cells.add("ended_" + cause.key()));
    pods.forEach(pod -> cells.add("streams_" + pod));
    return cells;
  }

  private static List<String> row(Sample sample, Set<Cause> causes, Set<String> pods) {
    List<String> cells =
        new ArrayList<>(
            List.of(
                number(sample.seconds()),
                Integer.toString(sample.planned()),
                Long.toString(sample.open()),
                number(sample.maxOverMean()),
                number(sample.rate()),
                Long.toString(sample.late())));
    for (Timing timing : Timing.values()) {
      Percentiles percentiles = sample.percentiles().getOrDefault(timing, NONE);
      cells.add(number(percentiles.p50()));
      cells.add(number(percentiles.p99()));
    }
    causes.forEach(cause -> cells.add(sample.causes().getOrDefault(cause, 0L).toString()));
    pods.forEach(pod -> cells.add(sample.streamsByPod().getOrDefault(pod, 0L).toString()));
    return cells;
  }

  private static void append(StringBuilder csv, List<String> cells) {
    csv.append(String.join(",", cells.stream().map(CsvReport::quoted).toList())).append('\n');
  }

  /** Empty where there is no value. */
  private static String number(double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.3f", value);
  }

  private static String quoted(String cell) {
    return cell.matches("[^\",\r\n]*") ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }
}
