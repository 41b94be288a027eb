package io.vachub.loadtest.command;

import io.vachub.loadtest.compare.Regression;
import io.vachub.loadtest.compare.ReportComparison;
import io.vachub.loadtest.connection.SetupException;
import io.vachub.loadtest.report.Report;
import io.vachub.loadtest.report.ReportText;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code compare BEFORE AFTER}: how each figure changed from one report to the other. */
@Command(
    name = "compare",
    description = "Shows the differences between two reports that run or merge wrote with --json.",
    sortOptions = false,
    showDefaultValues = true,
    mixinStandardHelpOptions = true)
public final class CompareCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "BEFORE", description = "A report as JSON.")
  private String before;

  @Parameters(index = "1", paramLabel = "AFTER", description = "Another one; - is standard input.")
  private String after;

  @Option(
      names = "--max-regression",
      paramLabel = "[NAME=]PERCENT",
      showDefaultValue = Visibility.NEVER,
      converter = Parsed.AsRegression.class,
      description =
          "Fails with exit code 3 if a figure is worse by more than this: 10%%, or, for one figure,"
              + " p99_lateness=50%%. May be repeated.")
  private List<Regression> allowed = new ArrayList<>();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    ReportComparison comparison = new ReportComparison(one(before), one(after), allowed);
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    out.print(comparison.write());
    out.flush();
    List<String> regressions = comparison.regressions();
    regressions.forEach(err::println);
    err.flush();
    return regressions.isEmpty() ? ExitCode.OK : ExitCode.ASSERTION_FAILED;
  }

  private static Report one(String file) throws SetupException {
    List<ReportText.Named> reports = ReportInput.read(file);
    if (reports.size() > 1) {
      throw new SetupException(
          "%s: %d reports (expected: one; loadtest merge makes one of them)"
              .formatted(file, reports.size()));
    }
    return reports.get(0).report();
  }
}
