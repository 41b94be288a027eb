package io.vachub.loadtest.command;

import io.vachub.loadtest.connection.SetupException;
import io.vachub.loadtest.merge.ReportMerge;
import io.vachub.loadtest.report.Report;
import io.vachub.loadtest.report.ReportText.Named;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code merge REPORT…}: one report and one verdict of many load testers. */
@Command(
    name = "merge",
    description =
        "Makes one report of those that load testers wrote with --json while they ran at the same"
            + " time, and judges it as run does.",
    sortOptions = false,
    showDefaultValues = true,
    mixinStandardHelpOptions = true)
public final class MergeCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "REPORT",
      arity = "1..*",
      description =
          "Reports as JSON; - reads standard input. One file may hold several, and other lines"
              + " between them, as a log does.")
  private List<String> files;

  @Mixin private OutputOptions outputOptions;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    outputOptions.requireWritable();
    List<Named> reports = new ArrayList<>();
    for (String file : files) {
      reports.addAll(ReportInput.read(file));
    }
    Report merged = merged(reports);
    return outputOptions.finish(outputOptions.judged(merged, List.of()), spec);
  }

  private static Report merged(List<Named> reports) throws SetupException {
    try {
      return ReportMerge.merge(reports);
    } catch (IllegalArgumentException e) {
      throw new SetupException(e.getMessage());
    }
  }
}
