package io.vachub.loadtest.command;

import io.vachub.loadtest.connection.SetupException;
import io.vachub.loadtest.report.ReportText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Reads reports from a file, or from standard input for {@code -}. */
final class ReportInput {

  private ReportInput() {}

  /**
   * All reports of a file or of standard input.
   *
   * @throws SetupException saying what is wrong with it
   */
  static List<ReportText.Named> read(String file) throws SetupException {
    try (Stream<String> lines = lines(file)) {
      return ReportText.read(file, lines);
    } catch (IOException | java.io.UncheckedIOException e) {
      throw new SetupException("%s: cannot be read (expected: a report as JSON)".formatted(file));
    } catch (IllegalArgumentException e) {
      throw new SetupException(e.getMessage());
    }
  }

  private static Stream<String> lines(String file) throws IOException {
    return file.equals("-")
        ? new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).lines()
        : Files.lines(Path.of(file));
  }
}
