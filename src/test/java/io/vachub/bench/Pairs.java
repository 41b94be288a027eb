package io.vachub.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Measures contenders in turns, so that what else the machine does falls on all, and compares each
 * turn's figures with each other.
 */
final class Pairs {

  static final int COUNT = Integer.getInteger("bench.pairs", 7);

  private final double[][] figures;

  private Pairs(double[][] figures) {
    this.figures = figures;
  }

  /** Measures one contender once; always as many figures. */
  interface Measurement<T> {
    double[] of(T contender) throws Exception;
  }

  /** Each figure that the measurement gives, of all contenders. */
  static <T> List<Pairs> measure(List<T> contenders, Measurement<T> measurement) throws Exception {
    List<Pairs> all = new ArrayList<>();
    for (int turn = 0; turn < COUNT; turn++) {
      for (int i = 0; i < contenders.size(); i++) {
        double[] measured = measurement.of(contenders.get(i));
        for (int figure = 0; figure < measured.length; figure++) {
          if (figure == all.size()) {
            all.add(new Pairs(new double[contenders.size()][COUNT]));
          }
          all.get(figure).figures[i][turn] = measured[figure];
        }
      }
    }
    return all;
  }

  /** The median of what was measured of this contender. */
  double median(int contender) {
    double[] sorted = figures[contender].clone();
    Arrays.sort(sorted);
    return sorted[COUNT / 2];
  }

  /**
   * The median of the turns' ratios, with the lowest and the highest; of those turns in which both
   * have a figure.
   */
  String ratio(int ours, int theirs) {
    double[] ratios =
        IntStream.range(0, COUNT)
            .mapToDouble(turn -> figures[ours][turn] / figures[theirs][turn])
            .filter(Double::isFinite)
            .sorted()
            .toArray();
    if (ratios.length == 0) {
      return "none";
    }
    String ratio =
        String.format(
            Locale.ROOT,
            "%.2f (%.2f–%.2f)",
            ratios[ratios.length / 2],
            ratios[0],
            ratios[ratios.length - 1]);
    return ratios.length == COUNT ? ratio : ratio + ", %d of %d".formatted(ratios.length, COUNT);
  }

  /** Prints a row of a table in Markdown. */
  static void row(Object... cells) {
    List<String> texts = new ArrayList<>();
    for (Object cell : cells) {
      texts.add(
          cell instanceof Double number
              ? String.format(Locale.ROOT, number < 100 ? "%.2f" : "%,.0f", number)
              : cell.toString());
    }
    System.out.println("| " + String.join(" | ", texts) + " |");
  }

  static void header(String... titles) {
    System.out.println();
    row((Object[]) titles);
    System.out.println("|---".repeat(titles.length) + "|");
  }
}
