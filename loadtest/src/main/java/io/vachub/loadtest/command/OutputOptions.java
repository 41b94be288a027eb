package io.vachub.loadtest.command;

import io.vachub.loadtest.assertion.Assertion;
import io.vachub.loadtest.assertion.Outcome;
import io.vachub.loadtest.connection.SetupException;
import io.vachub.loadtest.display.Display;
import io.vachub.loadtest.display.LineDisplay;
import io.vachub.loadtest.display.ScreenDisplay;
import io.vachub.loadtest.display.Terminal;
import io.vachub.loadtest.load.Load;
import io.vachub.loadtest.report.CsvReport;
import io.vachub.loadtest.report.HtmlReport;
import io.vachub.loadtest.report.JsonReport;
import io.vachub.loadtest.report.Report;
import io.vachub.loadtest.report.Summary;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a load shows while it runs, what it leaves behind, and what is asked of it. */
final class OutputOptions {

  @Mixin private ReportFiles files;

  @Option(
      names = "--assert",
      paramLabel = "NAME<LIMIT",
      converter = Parsed.AsAssertion.class,
      description =
          "Fails with exit code 3 unless this holds, for example p99_lateness<50ms or cut==0; as"
              + " often as wanted.")
  private List<Assertion<Report>> assertions = new ArrayList<>();

  @Option(names = "--quiet", description = "Shows nothing while the load runs.")
  private boolean quiet;

  @Option(names = "--no-color", description = "Without colours; the same as NO_COLOR=1.")
  private boolean noColor;

  /** Finds out before the load whether the report will have a place. */
  void requireWritable() throws SetupException {
    files.requireWritable();
  }

  Display display(PrintWriter out, Load load, String target) {
    if (quiet) {
      return Display.QUIET;
    }
    return Terminal.isInteractive()
        ? new ScreenDisplay(out, load, target, !noColor && Terminal.wantsColor())
        : new LineDisplay(out);
  }

  /** Judges the report, writes it everywhere, and returns the exit code. */
  int finish(Report report, PrintWriter out, PrintWriter err) throws IOException {
    List<Outcome> outcomes = assertions.stream().map(a -> a.judge(report)).toList();
    Report judged = report.with(outcomes);
    out.print(Summary.write(judged));
    out.flush();
    files.write(
        () -> JsonReport.write(judged),
        () -> CsvReport.write(judged),
        () -> HtmlReport.write(judged));
    return sayFailed(outcomes, err);
  }

  /** Says which assertions failed, and returns the exit code. */
  static int sayFailed(List<Outcome> outcomes, PrintWriter err) {
    for (Outcome outcome : outcomes) {
      if (!outcome.passed()) {
        err.println("assertion failed: " + outcome.assertion() + ": " + outcome.message());
      }
    }
    err.flush();
    return outcomes.stream().allMatch(Outcome::passed) ? ExitCode.OK : ExitCode.ASSERTION_FAILED;
  }
}
