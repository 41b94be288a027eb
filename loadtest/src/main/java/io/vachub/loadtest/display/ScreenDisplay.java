package io.vachub.loadtest.display;

import io.vachub.loadtest.load.Load;
import io.vachub.loadtest.measure.Cause;
import io.vachub.loadtest.measure.Counts;
import io.vachub.loadtest.measure.Percentiles;
import io.vachub.loadtest.measure.Sample;
import io.vachub.loadtest.measure.Timing;
import io.vachub.loadtest.report.Numbers;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** One screen that is redrawn in place after each interval. */
public final class ScreenDisplay implements Display {

  private static final int PROGRESS = 20;

  private final Screen screen;
  private final Load load;
  private final String target;

  /** Draws on a terminal of this size, with or without colours. */
  public ScreenDisplay(
      PrintWriter out, Load load, String target, boolean color, Supplier<Size> size) {
    this.screen = new Screen(out, color, size);
    this.load = load;
    this.target = target;
  }

  @Override
  public void show(Sample sample, Counts counts) {
    screen.begin();
    String header = load.rpc().method() + " on " + target;
    screen.add(5, screen.bold(Screen.shortened(header, screen.columns())));
    screen.add(0, progress(sample));
    screen.addBlank();
    screen.addBars(
        new TreeMap<>(sample.streamsByPod())
            .entrySet().stream()
                .map(pod -> new Screen.Bar(pod.getKey(), pod.getValue(), ""))
                .toList());
    screen.add(1, hidden -> pods(sample, hidden));
    screen.addBlank();
    screen.addItems(
        2,
        8,
        List.of(
            "sent " + Numbers.count(counts.account().sent()),
            "rate " + Numbers.rate(sample.rate()) + "/s",
            "late " + Numbers.count(counts.late())));
    addTiming(4, sample, Timing.LATENESS);
    addTiming(6, sample, Timing.RESPONSE_TIME);
    screen.addItems(3, 7, causes(screen, counts.causes()));
    screen.draw();
  }

  @Override
  public void end() {
    screen.clear();
  }

  private String progress(Sample sample) {
    String streams =
        "%s of %s open".formatted(Numbers.count(sample.open()), Numbers.count(sample.planned()));
    String now = Numbers.clock(sample.seconds());
    if (load.duration().isZero()) {
      return now + " until Ctrl-C  " + streams;
    }
    double total = load.duration().toMillis() / 1e3;
    String end = Numbers.clock(total);
    int room = screen.columns() - now.length() - end.length() - streams.length() - 4;
    String bar =
        room < 5 ? "of" : screen.bar(sample.seconds() / total, Math.min(PROGRESS, room), "36");
    return now + " " + bar + " " + end + "  " + streams;
  }

  /** How many pods there are and how even they are, and how many have no room on the screen. */
  static String pods(Sample sample, int hidden) {
    return "%s, max/mean %s%s"
        .formatted(
            Numbers.count(sample.streamsByPod().size(), "pod"),
            Numbers.ratio(sample.maxOverMean()),
            hidden == 0 ? "" : ", %s not shown".formatted(Numbers.count(hidden)));
  }

  private void addTiming(int rank, Sample sample, Timing timing) {
    Percentiles p = sample.percentiles().get(timing);
    if (p != null) {
      screen.addItems(
          rank,
          9,
          List.of(
              timing.title() + " p50 " + Numbers.millis(p.p50()),
              "p99 " + Numbers.millis(p.p99()),
              "max " + Numbers.millis(p.max())));
    }
  }

  /** Each cause with its number, the bad ones first and in red. */
  static List<String> causes(Screen screen, Map<Cause, Long> causes) {
    List<String> bad = new ArrayList<>();
    List<String> others = new ArrayList<>();
    new TreeMap<>(causes)
        .forEach(
            (cause, count) -> {
              String text = cause.title() + " " + Numbers.count(count);
              if (cause.isCut() || cause.kind() == Cause.Kind.FAILURE) {
                bad.add(screen.bad(text));
              } else {
                others.add(text);
              }
            });
    bad.addAll(others);
    return bad;
  }
}
