package io.vachub.loadtest.display;

import static org.assertj.core.api.Assertions.assertThat;

import io.vachub.loadtest.measure.Sample;
import io.vachub.loadtest.report.Report;
import io.vachub.loadtest.report.SampleReport;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DisplayTest {

  private final StringWriter out = new StringWriter();
  private Size size = Size.USUAL;
  private final Report report = SampleReport.create();
  private final Sample sample = report.series().get(20);

  @Test
  void aScreenIsDrawnOverItself() {
    Display screen = screen(true);

    screen.show(sample, report.counts());
    String first = out.toString();
    out.getBuffer().setLength(0);
    screen.show(sample, report.counts());

    assertThat(out.toString())
        .startsWith("\u001b[" + first.chars().filter(c -> c == '\n').count() + "A");
    assertThat(first).doesNotContain("A\r").contains("pod-a", "30", "max/mean 1.50");
  }

  @Test
  void theBarOfTheFullestPodIsFull() {
    screen(false).show(sample, report.counts());

    assertThat(out.toString().lines())
        .anyMatch(line -> line.equals("pod-a       " + "█".repeat(60) + " 30"))
        .anyMatch(line -> line.contains("█".repeat(20) + "░".repeat(40) + " 10"));
  }

  @Test
  void withoutColoursThereIsNone() {
    screen(false).show(sample, report.counts());
    assertThat(out.toString()).doesNotContainPattern("\u001b\\[\\d+m");
  }

  @Test
  void anEndedScreenIsGone() {
    Display screen = screen(false);
    screen.show(sample, report.counts());
    out.getBuffer().setLength(0);

    screen.end();

    assertThat(out.toString().replaceAll("\u001b\\[\\?7[lh]", ""))
        .matches("\u001b\\[\\d+A\r\u001b\\[0J");
  }

  /** What the terminal would wrap, the next drawing would not be drawn over. */
  @Test
  void noLineIsWrapped() {
    screen(true).show(sample, report.counts());

    assertThat(out.toString()).matches("(?s)\r\u001b\\[0J\u001b\\[\\?7l[^\\n].*\\n\u001b\\[\\?7h");
  }

  @ParameterizedTest
  @CsvSource({"40,24", "80,24", "200,24", "80,6", "40,6", "200,60", "20,3"})
  void aTerminalOfAnySizeHoldsManyPods(int columns, int rows) {
    size = new Size(columns, rows);
    Map<String, Long> pods = new TreeMap<>();
    IntStream.range(0, 100).forEach(i -> pods.put("vac-hub-6b7c9d5f4-pod-" + i, 10L + i));

    screen(false).show(with(pods), report.counts());

    List<String> lines =
        out.toString().replaceAll("\u001b\\[(\\?7[lh]|0J)|\r", "").lines().toList();
    assertThat(lines).hasSizeLessThan(rows);
    assertThat(lines)
        .filteredOn(line -> line.contains("pod-"))
        .allMatch(line -> line.length() <= columns);
    assertThat(out.toString()).contains("40 open");
  }

  @Test
  void theFullestPodsAreShownAndHowManyAreNot() {
    size = new Size(80, 16);
    Map<String, Long> pods = new TreeMap<>();
    IntStream.range(0, 100).forEach(i -> pods.put("pod-" + i, 10L + i));

    screen(false).show(with(pods), report.counts());

    long shown = out.toString().lines().filter(line -> line.contains("pod-")).count();
    assertThat(shown).isPositive();
    assertThat(out.toString())
        .contains("pod-99 ", "100 pods, max/mean 1.83, %d not shown".formatted(100 - shown))
        .doesNotContain("pod-1 ");
  }

  /** What is bad is seen even where there is little room. */
  @Test
  void sixRowsHoldWhatCountsMost() {
    size = new Size(40, 6);
    screen(false).show(sample, report.counts());

    assertThat(out.toString())
        .contains("40 of 40 open", "max/mean 1.50", "sent 1,020", "cut after GOAWAY 1")
        .doesNotContain("ProcessTextStream");
  }

  private Sample with(Map<String, Long> pods) {
    return new Sample(
        sample.seconds(),
        sample.intervalSeconds(),
        sample.planned(),
        pods,
        sample.sent(),
        sample.late(),
        sample.percentiles(),
        sample.causes());
  }

  @Test
  void aLineHoldsEverythingThatCounts() {
    new LineDisplay(new PrintWriter(out)).show(sample, report.counts());

    assertThat(out.toString())
        .isEqualToIgnoringNewLines(
            "00:21 streams=40/40 pods=2 max_over_mean=1.50 rate=34.0/s lateness_p99=0.90ms"
                + " handoffs=4 cut=1 refused=2 connect=0 failures=1");
  }

  private Display screen(boolean color) {
    return new ScreenDisplay(
        new PrintWriter(out), report.load(), report.target(), color, () -> size);
  }
}
