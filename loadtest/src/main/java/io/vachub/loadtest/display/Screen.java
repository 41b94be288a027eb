package io.vachub.loadtest.display;

import io.vachub.loadtest.report.Numbers;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A part of a terminal that is redrawn in place. It never has more lines than the terminal: the
 * least important lines are left out.
 */
final class Screen {

  /** Bars are less important than any line of text; the fullest pod's come first. */
  private static final int BARS = 100;

  /** An empty line is more important than the eleventh bar. */
  private static final int BLANK = BARS + 10;

  private static final int WIDEST_BAR = 60;
  private static final int NARROWEST_CELL = 58;
  private static final String UP = "\u001b[%dA";
  private static final String CLEAR_BELOW = "\u001b[0J";
  private static final String TO_TOP = "\u001b[H";
  private static final String COLOR = "\u001b\\[\\d+m";

  /** A line that went on below would not be drawn over. */
  private static final String CUT_AT_EDGE = "\u001b[?7l";

  private static final String WRAP_AT_EDGE = "\u001b[?7h";

  private final PrintWriter out;
  private final boolean color;
  private final Supplier<Size> terminal;
  private Size size = Size.USUAL;
  private int height;
  private int barsPerLine = 1;
  private int barCount;
  private List<Line> lines = new ArrayList<>();

  /** A line, given how many bars are left out, and how much it counts: 0 most. */
  private record Line(int rank, boolean bars, IntFunction<String> text) {}

  /** One bar. */
  record Bar(String name, long value, String remark) {}

  Screen(PrintWriter out, boolean color, Supplier<Size> terminal) {
    this.out = out;
    this.color = color;
    this.terminal = terminal;
  }

  /** Begins the next drawing. */
  void begin() {
    Size now = terminal.get();
    if (height > 0 && now.columns() < size.columns()) {
      // The terminal has broken the lines anew, and nobody knows into how many.
      out.print(TO_TOP);
      height = 0;
    }
    size = now;
    lines = new ArrayList<>();
  }

  int columns() {
    return size.columns();
  }

  void add(int rank, String line) {
    lines.add(new Line(rank, false, hidden -> line));
  }

  /** A line that tells how many bars are left out. */
  void add(int rank, IntFunction<String> line) {
    lines.add(new Line(rank, false, line));
  }

  void addBlank() {
    lines.add(new Line(BLANK, false, hidden -> ""));
  }

  /** Items with room between them, on as many lines as it takes; the second line counts less. */
  void addItems(int rank, int rankOfMore, List<String> items) {
    StringBuilder line = new StringBuilder();
    int used = 0;
    int next = rank;
    for (String item : items) {
      int width = width(item);
      if (used > 0 && used + 2 + width > size.columns()) {
        add(next, line.toString());
        next = rankOfMore;
        line.setLength(0);
        used = 0;
      }
      line.append(used > 0 ? "  " : "").append(item);
      used += (used > 0 ? 2 : 0) + width;
    }
    if (used > 0) {
      add(next, line.toString());
    }
  }

  /** Bars beside each other's names and values, several on a line where many have to go in. */
  void addBars(List<Bar> bars) {
    long max = bars.stream().mapToLong(Bar::value).max().orElse(0);
    int value = bars.stream().mapToInt(bar -> number(bar).length()).max().orElse(0);
    int perLine = bars.size() <= 10 ? 1 : Math.max(1, size.columns() / NARROWEST_CELL);
    int cell = (size.columns() - 2 * (perLine - 1)) / perLine;
    int longest = bars.stream().mapToInt(bar -> bar.name().length()).max().orElse(0);
    int name = Math.min(longest, Math.max(8, cell / 2 - value));
    int width = Math.max(0, Math.min(WIDEST_BAR, cell - name - value - 2));
    List<Integer> ranks = ranks(bars);
    for (int i = 0; i < bars.size(); i += perLine) {
      StringBuilder line = new StringBuilder();
      int rank = Integer.MAX_VALUE;
      for (int j = i; j < Math.min(bars.size(), i + perLine); j++) {
        Bar bar = bars.get(j);
        line.append(j > i ? "  " : "")
            .append(("%-" + name + "s ").formatted(shortened(bar.name(), name)))
            .append(bar(max == 0 ? 0 : (double) bar.value() / max, width, "32"))
            .append(
                perLine == 1
                    ? " %s".formatted(number(bar))
                    : (" %" + value + "s").formatted(number(bar)));
        rank = Math.min(rank, ranks.get(j) / perLine);
      }
      lines.add(new Line(BARS + rank, true, hidden -> line.toString()));
    }
    barsPerLine = perLine;
    barCount = bars.size();
  }

  private static String number(Bar bar) {
    return bar.remark().isEmpty() ? Numbers.count(bar.value()) : bar.remark();
  }

  /** The place of each when the fullest comes first. */
  private static List<Integer> ranks(List<Bar> bars) {
    List<Integer> byValue =
        IntStream.range(0, bars.size())
            .boxed()
            .sorted(Comparator.comparingLong(i -> -bars.get(i).value()))
            .toList();
    List<Integer> ranks = new ArrayList<>(byValue);
    for (int place = 0; place < byValue.size(); place++) {
      ranks.set(byValue.get(place), place);
    }
    return ranks;
  }

  /** Draws what was added since {@link #begin}. */
  void draw() {
    int room = Math.max(1, size.rows() - 1);
    List<Line> kept =
        IntStream.range(0, lines.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> lines.get(i).rank()))
            .limit(room)
            .sorted()
            .map(lines::get)
            .toList();
    long barLines = kept.stream().filter(Line::bars).count();
    int hidden = Math.max(0, barCount - (int) barLines * barsPerLine);
    paint(kept.stream().map(line -> line.text().apply(hidden)).toList());
  }

  /** Takes the drawing away. */
  void clear() {
    paint(List.of());
  }

  private void paint(List<String> texts) {
    if (height > 0) {
      out.printf(UP, height);
    }
    out.print("\r" + CLEAR_BELOW + CUT_AT_EDGE);
    texts.forEach(out::println);
    out.print(WRAP_AT_EDGE);
    out.flush();
    height = texts.size();
  }

  String bar(double share, int width, String code) {
    int full = (int) Math.round(Math.min(1, share) * width);
    return paint(code, "█".repeat(full)) + paint("90", "░".repeat(width - full));
  }

  String bold(String text) {
    return paint("1", text);
  }

  String bad(String text) {
    return paint("31", text);
  }

  /** The text, or as much of it as there is room for, without its middle. */
  static String shortened(String text, int width) {
    if (text.length() <= width) {
      return text;
    }
    int end = (width - 1) * 2 / 3;
    return text.substring(0, Math.max(0, width - 1 - end))
        + "…"
        + text.substring(text.length() - end);
  }

  private static int width(String text) {
    return text.replaceAll(COLOR, "").length();
  }

  private String paint(String code, String text) {
    return color && !text.isEmpty() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
