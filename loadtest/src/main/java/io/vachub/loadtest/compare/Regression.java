package io.vachub.loadtest.compare;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** By how many percent a figure, or each of them, may be worse. */
public final class Regression {

  /** What {@link #parse} accepts. */
  public static final String EXPECTED =
      "a percentage such as 10%, or of one figure: p99_lateness=50%";

  private static final Pattern FORM =
      Pattern.compile("(?:([\\w.]+)=)?(\\d{1,9}(?:\\.\\d{1,9})?)\\s*%");

  private final String text;
  private final Optional<Figure> figure;
  private final double percent;

  private Regression(String text, Optional<Figure> figure, double percent) {
    this.text = text;
    this.figure = figure;
    this.percent = percent;
  }

  /**
   * Reads {@code 10%} or {@code NAME=10%}.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  public static Regression parse(String text) {
    Matcher form = FORM.matcher(text.strip());
    if (!form.matches()) {
      throw new IllegalArgumentException(EXPECTED);
    }
    double percent = Double.parseDouble(form.group(2));
    if (form.group(1) == null) {
      return new Regression(text.strip(), Optional.empty(), percent);
    }
    Figure figure =
        Figure.find(form.group(1))
            .filter(found -> found.better() != Figure.Better.NEITHER)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "a figure that can be worse, such as rate, cut or p99_lateness"));
    return new Regression(text.strip(), Optional.of(figure), percent);
  }

  /** The one figure that it is of; empty for all that are steady. */
  Optional<Figure> figure() {
    return figure;
  }

  double percent() {
    return percent;
  }

  /** As the user wrote it. */
  @Override
  public String toString() {
    return text;
  }
}
