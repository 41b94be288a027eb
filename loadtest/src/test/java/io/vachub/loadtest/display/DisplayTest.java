package io.vachub.loadtest.display;

import static org.assertj.core.api.Assertions.assertThat;

import io.vachub.loadtest.measure.Sample;
import io.vachub.loadtest.report.Report;
import io.vachub.loadtest.report.SampleReport;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DisplayTest {

  private final StringWriter out = new StringWriter();
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
        .anyMatch(line -> line.equals("pod-a       " + "█".repeat(40) + " 30"))
        .anyMatch(line -> line.contains("█".repeat(13) + "░".repeat(27) + " 10"));
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

  @Test
  void aSmallTerminalHoldsManyPods() {
    Map<String, Long> pods = new TreeMap<>();
    IntStream.range(0, 100).forEach(i -> pods.put("pod-" + i, 10L + i));
    Sample many =
        new Sample(
            sample.seconds(),
            sample.intervalSeconds(),
            sample.planned(),
            pods,
            sample.sent(),
            sample.late(),
            sample.percentiles(),
            sample.causes());

    screen(false).show(many, report.counts());

    assertThat(out.toString().lines().count()).isLessThan(24);
    assertThat(out.toString()).contains("pod-99 ", "and 88 more");
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
    return new ScreenDisplay(new PrintWriter(out), report.load(), report.target(), color);
  }
}
