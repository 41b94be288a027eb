package io.vachub.loadtest.compare;

import io.vachub.loadtest.assertion.Quantity;
import io.vachub.loadtest.measure.Timing;
import io.vachub.loadtest.report.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A figure of a report that people compare.
 *
 * @param quantity what it is, by the name that assertions have for it
 * @param better which way is better
 * @param steady whether it is the service's and no single value, so that a percentage for all holds
 *     for it too
 */
record Figure(Quantity<Report> quantity, Better better, boolean steady) {

  /** Which way is better. */
  enum Better {
    LOWER,
    HIGHER,
    NEITHER
  }

  private static final Set<String> FLAWS =
      Set.of(
          "lost",
          "doubled",
          "unknown",
          "unsettled",
          "unsent",
          "late",
          "never_opened",
          "cut",
          "connect",
          "failure",
          "max_over_mean",
          "average_max_over_mean");

  private static final List<String> BEFORE_TIMES =
      List.of(
          "sent",
          "processed",
          "rate",
          "lost",
          "doubled",
          "unknown",
          "unsettled",
          "unsent",
          "late",
          "opened",
          "never_opened",
          "handoff",
          "refused",
          "connect",
          "failure",
          "cut",
          "pods",
          "max_over_mean",
          "average_max_over_mean");

  private static final List<String> OF_A_TIME =
      List.of("mean", "p50", "p90", "p99", "p99.9", "max");

  private static final List<String> AFTER_TIMES =
      List.of("cpu_seconds", "messages_per_cpu_second", "peak_memory_mib");

  /** All that a comparison shows, in order. */
  static List<Figure> all() {
    List<String> names = new ArrayList<>(BEFORE_TIMES);
    for (Timing timing : Timing.values()) {
      OF_A_TIME.forEach(which -> names.add(which + "_" + timing.key()));
    }
    names.addAll(AFTER_TIMES);
    return names.stream().map(name -> find(name).orElseThrow()).toList();
  }

  /** The figure of this name, or empty where there is none. */
  static Optional<Figure> find(String name) {
    return Quantity.named(name).map(Figure::of);
  }

  private static Figure of(Quantity<Report> quantity) {
    String name = quantity.name();
    if (quantity.isTime()) {
      return new Figure(quantity, Better.LOWER, !name.startsWith("max_") && !isOwn(name));
    }
    return switch (name) {
      case "rate" -> new Figure(quantity, Better.HIGHER, true);
      case "messages_per_cpu_second" -> new Figure(quantity, Better.HIGHER, false);
      case "peak_memory_mib", "cpu_seconds" -> new Figure(quantity, Better.LOWER, false);
      default ->
          new Figure(
              quantity, FLAWS.contains(name) ? Better.LOWER : Better.NEITHER, FLAWS.contains(name));
    };
  }

  private static boolean isOwn(String name) {
    return name.endsWith(Timing.EVENT_LOOP_DELAY.key())
        || name.endsWith(Timing.PROCESS_STALL.key())
        || name.endsWith(Timing.SAMPLER_DELAY.key())
        || name.endsWith(Timing.UNCORRECTED_LATENESS.key());
  }

  boolean isSame(Figure other) {
    return name().equals(other.name());
  }

  String name() {
    return quantity.name();
  }

  /** NaN if nothing was timed. */
  double in(Report report) {
    return quantity.of().applyAsDouble(report);
  }

  String show(double value) {
    if (Double.isNaN(value)) {
      return "-";
    }
    if (quantity.isTime()) {
      return String.format(Locale.ROOT, "%,.3f ms", value);
    }
    return String.format(Locale.ROOT, value == Math.rint(value) ? "%,.0f" : "%,.2f", value);
  }
}
