package io.vachub.loadtest.command;

import io.vachub.loadtest.assertion.Assertion;
import io.vachub.loadtest.connection.SetupException;
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
import java.util.Set;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The reports of a load, and what is asserted of it. */
final class OutputOptions {

  @Mixin private ReportFiles files;
  @Mixin private CiFiles ciFiles;

  @Option(
      names = "--assert",
      paramLabel = "NAME<LIMIT",
      showDefaultValue = Visibility.NEVER,
      converter = Parsed.AsAssertion.class,
      description =
          "Fails with exit code 3 unless this is true, for example p99_lateness<50ms or"
              + " cut==0. May be repeated.")
  private List<Assertion<Report>> assertions = new ArrayList<>();

  @Option(
      names = "--allow",
      paramLabel = "FLAW",
      showDefaultValue = Visibility.NEVER,
      split = ",",
      converter = Parsed.AsFlaw.class,
      description =
          "Allows a flaw: cut, unknown, lost, doubled, failed, unsettled, unsent, never-opened or"
              + " counters; separate several by commas. Each of them otherwise causes exit code 3.")
  private Set<Flaw> allowed = EnumSet.noneOf(Flaw.class);

  /** Checks before the load that the report can be written. */
  void requireWritable() throws SetupException {
    files.requireWritable();
    ciFiles.requireWritable();
  }

  /** Where people read. */
  PrintWriter screen(CommandSpec spec) {
    return files.screen(spec);
  }

  /**
   * Judges the report.
   *
   * @param before what was judged already while the load ran
   */
  Report judged(Report report, List<Outcome> before) {
    List<Outcome> outcomes = new ArrayList<>(before);
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
