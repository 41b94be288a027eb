package io.vachub.loadtest.command;

import io.vachub.loadtest.assertion.Assertion;
import io.vachub.loadtest.connection.SetupException;
import io.vachub.loadtest.display.Display;
import io.vachub.loadtest.display.LineDisplay;
import io.vachub.loadtest.display.ScreenDisplay;
import io.vachub.loadtest.display.Terminal;
import io.vachub.loadtest.display.TerminalSize;
import io.vachub.loadtest.load.Load;
import io.vachub.loadtest.report.CsvReport;
import io.vachub.loadtest.report.Finding;
import io.vachub.loadtest.report.Flaw;
import io.vachub.loadtest.report.HtmlReport;
import io.vachub.loadtest.report.JsonReport;
import io.vachub.loadtest.report.JunitReport;
import io.vachub.loadtest.report.MarkdownReport;
import io.vachub.loadtest.report.Outcome;
import io.vachub.loadtest.report.Report;
import io.vachub.loadtest.report.Summary;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** What a load shows while it runs, what it leaves behind, and what is asked of it. */
final class OutputOptions {

  private static final String ABORT = "--abort-on ";

  @Mixin private ReportFiles files;
  @Mixin private CiFiles ciFiles;

  @Option(
      names = "--assert",
      paramLabel = "NAME<LIMIT",
      converter = Parsed.AsAssertion.class,
      description =
          "Fails with exit code 3 unless this is true, for example p99_lateness<50ms or"
              + " cut==0. May be repeated.")
  private List<Assertion<Report>> assertions = new ArrayList<>();

  @Option(
      names = "--abort-on",
      paramLabel = "NAME>LIMIT",
      converter = Parsed.AsAssertion.class,
      description =
          "Ends the load with exit code 3 as soon as this is true, for example failure>100 or"
              + " p99_lateness>2s; looked at each second; as often as wanted.")
  private List<Assertion<Report>> aborts = new ArrayList<>();

  @Option(
      names = "--allow",
      paramLabel = "FLAW",
      split = ",",
      converter = Parsed.AsFlaw.class,
      description =
          "Does not mind cut, unknown, lost, doubled, failed, unsettled, unsent, never-opened or"
              + " counters; several with commas between. Each of them otherwise makes the exit code"
              + " 3.")
  private Set<Flaw> allowed = EnumSet.noneOf(Flaw.class);

  @Option(names = "--quiet", description = "Shows nothing while the load runs.")
  private boolean quiet;

  @Option(names = "--no-color", description = "No colours; the same as NO_COLOR=1.")
  private boolean noColor;

  /** Finds out before the load whether the report will have a place. */
  void requireWritable() throws SetupException {
    files.requireWritable();
    ciFiles.requireWritable();
  }

  /** Where people read. */
  PrintWriter screen(CommandSpec spec) {
    return files.screen(spec);
  }

  /** Whether a load may have to end before its time. */
  boolean mayAbort() {
    return !aborts.isEmpty();
  }

  /** Why a load has to end now, or empty where it may go on. */
  Optional<Outcome> aborted(Report soFar) {
    return aborts.stream()
        .map(abort -> abort.judge(soFar))
        .filter(Outcome::passed)
        .findFirst()
        .map(
            outcome ->
                new Outcome(
                    ABORT + outcome.assertion(),
                    false,
                    "true after %.0f s: %s".formatted(soFar.seconds(), outcome.message())));
  }

  Display display(PrintWriter out, Load load, String target) {
    if (quiet) {
      return Display.QUIET;
    }
    return Terminal.isInteractive()
        ? new ScreenDisplay(
            out, load, target, !noColor && Terminal.wantsColor(), new TerminalSize())
        : new LineDisplay(out);
  }

  /**
   * Judges the report.
   *
   * @param aborted why the load ended before its time, if it did
   */
  Report judged(Report report, Optional<Outcome> aborted) {
    List<Outcome> outcomes = new ArrayList<>();
    aborted.ifPresent(outcomes::add);
    if (aborted.isEmpty()) {
      aborts.forEach(abort -> outcomes.add(new Outcome(ABORT + abort, true, "never true")));
    }
    assertions.forEach(assertion -> outcomes.add(assertion.judge(report)));
    return report.with(outcomes, Flaw.all(report, allowed));
  }

  /** Writes a judged report everywhere, and returns the exit code. */
  int finish(Report judged, CommandSpec spec) throws IOException {
    screen(spec).print(Summary.write(judged));
    screen(spec).flush();
    files.write(
        spec,
        () -> JsonReport.write(judged),
        () -> CsvReport.write(judged),
        () -> HtmlReport.write(judged));
    ciFiles.write(() -> JunitReport.write(judged), () -> MarkdownReport.write(judged));
    PrintWriter err = spec.commandLine().getErr();
    for (Finding finding : judged.findings()) {
      if (!finding.allowed()) {
        String key = finding.flaw().key();
        err.printf("%s: %s (--allow %s)%n", key, finding.sentence(), key);
      }
    }
    sayFailed(judged.outcomes(), err);
    return judged.passed() ? ExitCode.OK : ExitCode.ASSERTION_FAILED;
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
