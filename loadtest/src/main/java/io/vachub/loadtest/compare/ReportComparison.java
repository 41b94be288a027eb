package io.vachub.loadtest.compare;

import io.vachub.loadtest.report.Report;
import io.vachub.loadtest.report.Setup;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Two reports side by side: what each figure was, and what it is now. */
public final class ReportComparison {

  private final Report before;
  private final Report after;
  private final List<Regression> allowed;

  /**
   * Compares these.
   *
   * @param allowed by how much figures may be worse; what is not named there may be as it is
   */
  public ReportComparison(Report before, Report after, List<Regression> allowed) {
    this.before = before;
    this.after = after;
    this.allowed = allowed;
  }

  /** A table of all figures that either report has; each line ends in a line feed. */
  public String write() {
    StringBuilder text = new StringBuilder();
    Map<String, String> now = Setup.of(after);
    Setup.of(before)
        .forEach(
            (name, was) -> {
              if (!was.equals(now.get(name))) {
                line(text, "note       the loads differ: %s %s, then %s", name, was, now.get(name));
              }
            });
    line(text, "%-30s %16s %16s %12s", "figure", "before", "after", "change");
    differences().filter(Difference::isThere).forEach(it -> line(text, it));
    return text.toString();
  }

  private static void line(StringBuilder text, Difference it) {
    String line =
        String.format(
            Locale.ROOT,
            "%-30s %16s %16s %12s  %s",
            it.figure().name(),
            it.figure().show(it.before()),
            it.figure().show(it.after()),
            it.change(),
            it.judgement());
    text.append(line.stripTrailing()).append('\n');
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  /** A sentence on each figure that is worse by more than is allowed. */
  public List<String> regressions() {
    List<String> sentences = new ArrayList<>();
    differences()
        .forEach(
            it ->
                limit(it.figure())
                    .filter(limit -> it.worsePercent() > limit.percent())
                    .ifPresent(
                        limit ->
                            sentences.add(
                                "%s (--max-regression %s)".formatted(it.sentence(), limit))));
    return sentences;
  }

  /**
   * The last of several limits applies; a limit of the figure itself has precedence over one for
   * all.
   */
  private Optional<Regression> limit(Figure figure) {
    return last(limit -> limit.figure().filter(figure::isSame).isPresent())
        .or(() -> last(limit -> limit.figure().isEmpty() && figure.steady()));
  }

  private Optional<Regression> last(Predicate<Regression> of) {
    return allowed.stream().filter(of).reduce((first, second) -> second);
  }

  /** Of all figures, and of those that only a limit names. */
  private Stream<Difference> differences() {
    Set<String> seen = new HashSet<>();
    return Stream.concat(
            Figure.all().stream(),
            allowed.stream().map(Regression::figure).flatMap(Optional::stream))
        .filter(figure -> seen.add(figure.name()))
        .map(figure -> new Difference(figure, figure.in(before), figure.in(after)));
  }
}
