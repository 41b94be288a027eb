package io.vachub.loadtest.command;

import io.vachub.loadtest.connection.SetupException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** The files in which CI finds verdicts and assertions. */
final class CiFiles {

  @Option(
      names = "--junit",
      paramLabel = "FILE",
      description = "Writes each verdict and each assertion as a test case of JUnit XML, for CI.")
  private Path junit;

  @Option(
      names = "--markdown",
      paramLabel = "FILE",
      description =
          "Writes a summary as Markdown, for the page of a CI job, such as $GITHUB_STEP_SUMMARY.")
  private Path markdown;

  /** Checks in advance that they can be written. */
  void requireWritable() throws SetupException {
    ReportFiles.requireWritable("--junit", junit);
    ReportFiles.requireWritable("--markdown", markdown);
  }

  /** Writes the requested formats. */
  void write(Supplier<String> asJunit, Supplier<String> asMarkdown) throws IOException {
    ReportFiles.write(junit, asJunit);
    ReportFiles.write(markdown, asMarkdown);
  }
}
