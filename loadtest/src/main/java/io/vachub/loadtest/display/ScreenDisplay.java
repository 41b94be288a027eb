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
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** One screen that is drawn over itself after each interval. */
public final class ScreenDisplay implements Display {

  private static final int BAR = 40;

  /** So that a terminal of 24 lines holds them and all else. */
  private static final int MOST_PODS = 12;

  private static final String UP = "\u001b[%dA";
  private static final String CLEAR_BELOW = "\u001b[0J";

  /** A line that went on below would not be drawn over. */
  private static final String CUT_AT_EDGE = "\u001b[?7l";

  private static final String WRAP_AT_EDGE = "\u001b[?7h";

  private final PrintWriter out;
  private final Load load;
  private final String target;
  private final boolean color;
  private int height;

  /** Draws on a terminal, with or without colours. */
  public ScreenDisplay(PrintWriter out, Load load, String target, boolean color) {
    this.out = out;
    this.load = load;
    this.target = target;
    this.color = color;
  }

  @Override
  public void show(Sample sample, Counts counts) {
    List<String> lines = new ArrayList<>();
    lines.add(bold(load.rpc().method()) + " on " + target);
    lines.add(progress(sample));
    lines.add("");
    addPods(lines, sample);
    lines.add("");
    lines.add(
        "sent %s  rate %s/s  late %s"
            .formatted(
                Numbers.count(counts.account().sent()),
                Numbers.rate(sample.rate()),
                Numbers.count(counts.late())));
    addTiming(lines, sample, Timing.LATENESS);
    addTiming(lines, sample, Timing.RESPONSE_TIME);
    lines.add(causes(counts));
    draw(lines);
  }

  @Override
  public void end() {
    draw(List.of());
  }

  private void draw(List<String> lines) {
    if (height > 0) {
      out.printf(UP, height);
    }
    out.print("\r" + CLEAR_BELOW + CUT_AT_EDGE);
    lines.forEach(out::println);
    out.print(WRAP_AT_EDGE);
    out.flush();
    height = lines.size();
  }

  private String progress(Sample sample) {
    String streams =
        "%s of %s open".formatted(Numbers.count(sample.open()), Numbers.count(sample.planned()));
    if (load.duration().isZero()) {
      return "%s until Ctrl-C  %s".formatted(Numbers.clock(sample.seconds()), streams);
    }
    double total = load.duration().toMillis() / 1e3;
    return "%s %s %s  %s"
        .formatted(
            Numbers.clock(sample.seconds()),
            bar(Math.min(1, sample.seconds() / total), 20, "36"),
            Numbers.clock(total),
            streams);
  }

  private void addPods(List<String> lines, Sample sample) {
    Map<String, Long> pods = sample.streamsByPod();
    long max = pods.values().stream().mapToLong(Long::longValue).max().orElse(0);
    int width = pods.keySet().stream().mapToInt(String::length).max().orElse(0);
    pods.entrySet().stream()
        .sorted(Comparator.<Map.Entry<String, Long>>comparingLong(Map.Entry::getValue).reversed())
        .limit(MOST_PODS)
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            pod ->
                lines.add(
                    String.format("%-" + width + "s ", pod.getKey())
                        + bar((double) pod.getValue() / max, BAR, "32")
                        + " "
                        + Numbers.count(pod.getValue())));
    if (pods.size() > MOST_PODS) {
      lines.add("and %d more".formatted(pods.size() - MOST_PODS));
    }
    lines.add(
        "%s, max/mean %s"
            .formatted(Numbers.count(pods.size(), "pod"), Numbers.ratio(sample.maxOverMean())));
  }

  private static void addTiming(List<String> lines, Sample sample, Timing timing) {
    Percentiles p = sample.percentiles().get(timing);
    if (p != null) {
      lines.add(
          "%s p50 %s  p99 %s  max %s"
              .formatted(
                  timing.title(),
                  Numbers.millis(p.p50()),
                  Numbers.millis(p.p99()),
                  Numbers.millis(p.max())));
    }
  }

  private String causes(Counts counts) {
    return new TreeMap<>(counts.causes())
        .entrySet().stream()
            .map(
                entry -> {
                  String text = entry.getKey().title() + " " + Numbers.count(entry.getValue());
                  boolean bad =
                      entry.getKey().isCut() || entry.getKey().kind() == Cause.Kind.FAILURE;
                  return bad ? paint("31", text) : text;
                })
            .collect(Collectors.joining("  "));
  }

  private String bar(double share, int width, String paint) {
    int full = (int) Math.round(share * width);
    return paint(paint, "█".repeat(full)) + paint("90", "░".repeat(width - full));
  }

  private String bold(String text) {
    return paint("1", text);
  }

  private String paint(String code, String text) {
    return color ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
