package io.vachub.loadtest.command;

import io.vachub.loadtest.connection.SetupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** Where a report is written to. */
final class ReportFiles {

  @Option(names = "--json", paramLabel = "FILE", description = "Writes the report as JSON.")
  private Path json;

  @Option(names = "--csv", paramLabel = "FILE", description = "Writes the time series as CSV.")
  private Path csv;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Writes the report as one page with charts that needs no network.")
  private Path html;

  /** Finds out beforehand whether the report will have a place. */
  void requireWritable() throws SetupException {
    requireWritable("--json", json);
    requireWritable("--csv", csv);
    requireWritable("--html", html);
  }

  /** Writes the forms that were asked for. */
  void write(Supplier<String> asJson, Supplier<String> asCsv, Supplier<String> asHtml)
      throws IOException {
    write(json, asJson);
    write(csv, asCsv);
    write(html, asHtml);
  }

  private static void requireWritable(String option, Path file) throws SetupException {
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

  private static void write(Path file, Supplier<String> text) throws IOException {
    if (file != null) {
      Files.writeString(file, text.get());
    }
  }
}
