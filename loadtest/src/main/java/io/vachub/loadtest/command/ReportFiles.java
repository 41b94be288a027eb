package io.vachub.loadtest.command;

import io.vachub.loadtest.connection.SetupException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The files that a report is written to. */
final class ReportFiles {

  private static final Path STANDARD_OUTPUT = Path.of("-");

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description =
          "Writes the report as JSON; - is standard output, and whatever else is shown then goes to"
              + " standard error.")
  private Path json;

  @Option(names = "--csv", paramLabel = "FILE", description = "Writes the time series as CSV.")
  private Path csv;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Writes the report as one HTML page with charts that needs no network.")
  private Path html;

  /** Checks in advance that the report can be written. */
  void requireWritable() throws SetupException {
    requireWritable("--json", toStandardOutput() ? null : json);
    requireWritable("--csv", csv);
    requireWritable("--html", html);
  }

  /** Where people read: standard output, or standard error where a program reads the former. */
  PrintWriter screen(CommandSpec spec) {
    return toStandardOutput() ? spec.commandLine().getErr() : spec.commandLine().getOut();
  }

  /** Writes the requested formats. */
  void write(
      CommandSpec spec, Supplier<String> asJson, Supplier<String> asCsv, Supplier<String> asHtml)
      throws IOException {
    if (toStandardOutput()) {
      spec.commandLine().getOut().print(asJson.get());
      spec.commandLine().getOut().flush();
    } else {
      write(json, asJson);
    }
    write(csv, asCsv);
    write(html, asHtml);
  }

  private boolean toStandardOutput() {
    return STANDARD_OUTPUT.equals(json);
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

  static void write(Path file, Supplier<String> text) throws IOException {
    if (file != null) {
      Files.writeString(file, text.get());
    }
  }
}
