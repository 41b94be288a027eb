package io.vachub.loadtest.assertion;

import io.vachub.loadtest.report.Outcome;
import io.vachub.loadtest.report.Report;
import io.vachub.loadtest.simulation.Result;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A condition that the user sets, for example {@code p99_lateness<50ms}.
 *
 * @param <R> of what: a load's {@link Report}, or a simulation's {@link Result}
 */
public final class Assertion<R> {

  private static final Pattern FORM =
      Pattern.compile("\\s*([\\w.]+)\\s*(<=|>=|==|!=|<|>)\\s*(\\d+(?:\\.\\d+)?)\\s*(us|ms|s)?\\s*");

  private final String text;
  private final Quantity<R> quantity;
  private final Comparison comparison;
  private final double limit;

  private Assertion(String text, Quantity<R> quantity, Comparison comparison, double limit) {
    this.text = text;
    this.quantity = quantity;
    this.comparison = comparison;
    this.limit = limit;
  }

  /**
   * Reads {@code NAME OPERATOR LIMIT} for a load. Times have a unit ({@code us}, {@code ms} or
   * {@code s}), numbers have none.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  public static Assertion<Report> parse(String text) {
    return parse(text, Quantity::named, Quantity.names(), "p99_lateness<50ms or cut==0");
  }

  /**
   * Reads the same for a simulation.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  public static Assertion<Result> parseForSimulation(String text) {
    return parse(
        text, SimulationQuantity::named, SimulationQuantity.names(), "max_over_mean<1.2 or cut==0");
  }

  private static <R> Assertion<R> parse(
      String text, Function<String, Optional<Quantity<R>>> named, String names, String example) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException("NAME OPERATOR LIMIT, for example " + example);
    }
    Quantity<R> quantity =
        named
            .apply(form.group(1))
            .orElseThrow(() -> new IllegalArgumentException("one of " + names));
    String unit = form.group(4);
    if (quantity.isTime() && unit == null) {
      throw new IllegalArgumentException("a limit in us, ms or s");
    }
    if (!quantity.isTime() && unit != null) {
      throw new IllegalArgumentException("a limit without a unit");
    }
    double limit = Double.parseDouble(form.group(3)) * millisPer(unit);
    Comparison comparison = Comparison.of(form.group(2)).orElseThrow();
    return new Assertion<>(text.strip(), quantity, comparison, limit);
  }

  /** Whether it holds for this report. If nothing was timed, a limit on a time does not hold. */
  public Outcome judge(R report) {
    double value = quantity.of().applyAsDouble(report);
    if (!Double.isFinite(value)) {
      return new Outcome(
          text, comparison.holds(value, limit) && !Double.isNaN(value), quantity.absent(value));
    }
    if (comparison.holds(value, limit)) {
      return new Outcome(text, true, show(value));
    }
    double distance = Math.abs(value - limit);
    String off =
        distance == 0
            ? ""
            : ", %s too %s".formatted(show(distance), value > limit ? "high" : "low");
    return new Outcome(text, false, show(value) + off);
  }

  @Override
  public String toString() {
    return text;
  }

  private String show(double value) {
    if (quantity.isTime()) {
      return String.format(Locale.ROOT, "%.3f ms", value);
    }
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%.0f", value)
        : String.format(Locale.ROOT, "%.3f", value);
  }

  private static double millisPer(String unit) {
    if (unit == null) {
      return 1;
    }
    return switch (unit) {
      case "us" -> 1e-3;
      case "s" -> 1e3;
      default -> 1;
    };
  }
}
