package io.vachub.loadtest.compare;

import java.util.Locale;

/**
 * How a figure changed from one report to another.
 *
 * @param figure which
 * @param before its value in the first report; NaN where there is none
 * @param after its value in the second
 */
record Difference(Figure figure, double before, double after) {

  /** Whether either report has it. */
  boolean isThere() {
    return !Double.isNaN(before) || !Double.isNaN(after);
  }

  /**
   * By how much it rose, in percent of what it was: from 0 infinitely; NaN where one is missing.
   */
  double percent() {
    return before == after ? 0 : (after - before) / before * 100;
  }

  /** By how much it is worse, in percent; 0 or less where it is not. */
  double worsePercent() {
    double percent = percent();
    return switch (figure.better()) {
      case LOWER -> percent;
      case HIGHER -> -percent;
      case NEITHER -> 0;
    };
  }

  String change() {
    double percent = percent();
    if (Double.isNaN(percent) || percent == 0) {
      return "";
    }
    return Double.isInfinite(percent) ? "from 0" : String.format(Locale.ROOT, "%+,.1f %%", percent);
  }

  String judgement() {
    double worse = worsePercent();
    return worse > 0 ? "worse" : worse < 0 ? "better" : "";
  }

  /** Both values, and by how much the second is worse, for people. */
  String sentence() {
    String by =
        Double.isInfinite(worsePercent())
            ? ""
            : String.format(Locale.ROOT, ", %,.1f %% worse", worsePercent());
    return "%s: %s, then %s%s"
        .formatted(figure.name(), figure.show(before), figure.show(after), by);
  }
}
