package io.vachub.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class MarkdownReportTest {

  @Test
  void saysWhatFailedAndWhatIsAllowed() {
    Report report = SampleReport.create();
    String text =
        MarkdownReport.write(
            report.with(
                List.of(new Outcome("cut==0", false, "1, 1 too high")),
                Flaw.all(report, EnumSet.of(Flaw.UNKNOWN))));

    assertThat(text.lines())
        .startsWith("## ❌ Load test")
        .contains(
            "| ❌ | `cut==0` | 1, 1 too high |",
            "| ⚠️ allowed | `unknown` | it is unknown whether 10 messages on cut streams arrived"
                + " |",
            "| 1,020 | 1,006 | 0 | 0 | 10 | 4 | 5 | 4 | 34.0 |",
            "| lateness | 0.70 ms | 0.70 ms | 0.70 ms | 0.70 ms | 0.70 ms |",
            "| handoff: age | 3 |")
        .anyMatch(line -> line.contains("INTERNAL: no \\<disk\\> left"));
  }

  @Test
  void everyRowOfATableHasItsColumns() {
    List<String> lines = MarkdownReport.write(SampleReport.create()).lines().toList();

    for (int i = 1; i < lines.size(); i++) {
      if (lines.get(i).startsWith("|") && lines.get(i - 1).startsWith("|")) {
        assertThat(columns(lines.get(i))).as(lines.get(i)).isEqualTo(columns(lines.get(i - 1)));
      }
    }
  }

  @Test
  void aLoadWithoutFaultsHasPassed() {
    assertThat(MarkdownReport.write(SampleReport.create()))
        .startsWith("## ✅ Load test")
        .doesNotContain("❌");
  }

  private static long columns(String row) {
    return row.replace("\\|", "").chars().filter(c -> c == '|').count();
  }
}
