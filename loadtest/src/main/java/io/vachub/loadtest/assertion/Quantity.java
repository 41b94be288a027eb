package io.vachub.loadtest.assertion;

import io.vachub.loadtest.measure.Cause;
import io.vachub.loadtest.measure.Timing;
import io.vachub.loadtest.report.Report;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;

/**
 * A value that an assertion can check.
 *
 * @param <R> what it is read from
 * @param name its name
 * @param isTime whether it is in milliseconds, otherwise it is a plain number
 * @param of reads it; NaN if there is none, infinite if it never happened
 */
public record Quantity<R>(String name, boolean isTime, ToDoubleFunction<R> of) {

  private static final Pattern TIMING =
      Pattern.compile("(mean|max|p(\\d{1,2}(?:\\.\\d{1,4})?|100))_(\\w+)");
  private static final String HANDOFF = "handoff_";

  private static final Map<String, ToDoubleFunction<Report>> NUMBERS = numbers();

  /** The quantity of this name in a load's report, or empty where there is none. */
  public static Optional<Quantity<Report>> named(String name) {
    if (NUMBERS.containsKey(name)) {
      return Optional.of(new Quantity<>(name, false, NUMBERS.get(name)));
    }
    if (name.startsWith(HANDOFF) && !name.endsWith("_gap")) {
      Cause cause = Cause.handoff(name.substring(HANDOFF.length()));
      return Optional.of(
          new Quantity<>(name, false, report -> report.counts().causes().getOrDefault(cause, 0L)));
    }
    Matcher timing = TIMING.matcher(name);
    if (!timing.matches()) {
      return Optional.empty();
    }
    return Arrays.stream(Timing.values())
        .filter(t -> t.key().equals(timing.group(3)))
        .findFirst()
        .map(t -> new Quantity<>(name, true, millis(t, timing.group(1), timing.group(2))));
  }

  /** What is shown instead of a value that is not a number. */
  String absent(double value) {
    if (!name.equals(SimulationQuantity.EVEN)) {
      return "nothing was timed";
    }
    return Double.isNaN(value) ? "the load has no step" : "not even after every step";
  }

  /** All names, for people. */
  static String names() {
    return String.join(", ", NUMBERS.keySet())
        + ", handoff_REASON, and mean_, max_ or pNN_ before "
        + String.join(", ", Arrays.stream(Timing.values()).map(Timing::key).toList());
  }

  private static ToDoubleFunction<Report> millis(Timing timing, String which, String percentile) {
    return report -> {
      Histogram micros = report.timings().get(timing);
      if (micros == null || micros.getTotalCount() == 0) {
        return Double.NaN;
      }
      return switch (which) {
        case "mean" -> micros.getMean() / 1e3;
        case "max" -> micros.getMaxValue() / 1e3;
        default -> micros.getValueAtPercentile(Double.parseDouble(percentile)) / 1e3;
      };
    };
  }

  private static Map<String, ToDoubleFunction<Report>> numbers() {
    Map<String, ToDoubleFunction<Report>> numbers = new TreeMap<>();
    numbers.put("sent", report -> report.counts().account().sent());
    numbers.put("resent", report -> report.counts().account().resent());
    numbers.put("processed", report -> report.counts().account().processed());
    numbers.put("lost", report -> report.counts().account().lost());
    numbers.put("doubled", report -> report.counts().account().doubled());
    numbers.put("unknown", report -> report.counts().account().unknown());
    numbers.put("unsettled", report -> report.counts().account().unsettled());
    numbers.put("never_opened", report -> report.counts().neverOpened());
    numbers.put("unsent", report -> report.counts().unsent());
    numbers.put("late", report -> report.counts().late());
    numbers.put("uncorrected_late", report -> report.counts().uncorrectedLate());
    numbers.put("opened", report -> report.counts().opened());
    numbers.put("handoff", report -> report.counts().ended(Cause.Kind.HANDOFF));
    numbers.put("cut", report -> report.counts().cut());
    numbers.put("goaway", report -> report.counts().ended(Cause.Kind.GOAWAY));
    numbers.put("reset", report -> report.counts().ended(Cause.Kind.RESET));
    numbers.put("refused", report -> report.counts().ended(Cause.Kind.REFUSED));
    numbers.put("connect", report -> report.counts().ended(Cause.Kind.CONNECT));
    numbers.put("failure", report -> report.counts().ended(Cause.Kind.FAILURE));
    numbers.put("cpu_seconds", report -> report.cost().cpuSeconds());
    numbers.put("messages_per_cpu_second", Report::messagesPerCpuSecond);
    numbers.put("peak_memory_mib", report -> report.cost().peakMemoryMib());
    numbers.put("rate", Report::rate);
    numbers.put("pods", Report::pods);
    numbers.put("max_over_mean", Report::maxOverMean);
    numbers.put("average_max_over_mean", Report::averageMaxOverMean);
    return numbers;
  }
}
