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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What a load shows while it runs, what it leaves behind, and what is asked of it. */
final class OutputOptions {

  @Option(names = "--json", paramLabel = "FILE", description = "Writes the report as JSON.")
  private Path json;

  @Option(names = "--csv", paramLabel = "FILE", description = "Writes the time series as CSV.")
  private Path csv;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Writes the report as one page with charts that needs no network.")
  private Path html;

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
    requireWritable("--json", json);
    requireWritable("--csv", csv);
    requireWritable("--html", html);
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
    write(json, JsonReport.write(judged));
    write(csv, CsvReport.write(judged));
    write(html, HtmlReport.write(judged));
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

  static void requireWritable(String option, Path file) throws SetupException {
    if (file == null) {
      return;
    }
    Path directory = file.toAbsolutePath().getParent();
    boolean writable = Files.exists(file) ? Files.isWritable(file) : Files.isWritable(directory);
    if (!writable || Files.isDirectory(file)) {
      throw new SetupException(
          "%s: %s (expected: a file in a directory that can be written to)"
              .formatted(option, file));
    }
  }

  static void write(Path file, String text) throws IOException {
    if (file != null) {
      Files.writeString(file, text);
    }
  }
}
