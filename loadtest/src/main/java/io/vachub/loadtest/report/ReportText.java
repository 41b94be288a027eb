package io.vachub.loadtest.report;

import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds reports in a text: a file with one, several after each other, or the logs of many pods in
 * which other lines stand before, after and between theirs. Lines that {@code kubectl logs
 * --prefix} marks with their pod may be mixed.
 */
public final class ReportText {

  private static final Pattern PREFIX = Pattern.compile("\\[(pod/[^\\]\\s]+)\\] ?");

  /** How a line of an indented report goes on after its blanks. */
  private static final String JSON_LINE = "\"{}[]";

  private final String name;
  private final Map<String, Part> parts = new LinkedHashMap<>();

  private ReportText(String name) {
    this.name = name;
  }

  /**
   * A report and where it was found.
   *
   * @param name the file, the pod, or either with a number
   * @param report the report
   */
  public record Named(String name, Report report) {}

  /**
   * All reports in a text.
   *
   * @param name where the text is from, for names and errors
   * @throws IllegalArgumentException saying what is wrong with it, or that there is none
   */
  public static List<Named> read(String name, Stream<String> lines) {
    ReportText text = new ReportText(name);
    lines.forEach(text::add);
    List<Named> reports = new ArrayList<>();
    text.parts.forEach((part, found) -> reports.addAll(reports(part, found.documents.toString())));
    if (reports.isEmpty()) {
      throw new IllegalArgumentException(
          "%s: no report in it (expected: what loadtest run --json writes)".formatted(name));
    }
    return reports;
  }

  private void add(String line) {
    Matcher prefix = PREFIX.matcher(line);
    boolean marked = prefix.lookingAt();
    parts
        .computeIfAbsent(marked ? prefix.group(1) : name, part -> new Part())
        .add(marked ? line.substring(prefix.end()) : line);
  }

  /** What one pod wrote, or all of a file. */
  private static final class Part {

    private final StringBuilder documents = new StringBuilder();
    private boolean within;

    /** A report is on one line, or its first line is a brace and its last one too. */
    void add(String line) {
      boolean begins = !within && line.startsWith("{");
      if (begins || within && isJson(line.strip())) {
        documents.append(line).append('\n');
        within = begins ? !line.stripTrailing().endsWith("}") : !line.startsWith("}");
      }
    }

    private static boolean isJson(String stripped) {
      return !stripped.isEmpty() && JSON_LINE.indexOf(stripped.charAt(0)) >= 0;
    }
  }

  private static List<Named> reports(String name, String documents) {
    if (documents.isEmpty()) {
      return List.of();
    }
    List<Report> reports = new ArrayList<>();
    JsonReader reader = new JsonReader(new StringReader(documents));
    // Only so does it read one document after another.
    reader.setStrictness(Strictness.LENIENT);
    try {
      while (reader.peek() != JsonToken.END_DOCUMENT) {
        reports.add(ReportReader.read(JsonParser.parseReader(reader).getAsJsonObject()));
      }
    } catch (JsonParseException | IOException e) {
      throw new IllegalArgumentException(
          "%s: broken off or no JSON (expected: the whole of what loadtest run --json writes)"
              .formatted(name),
          e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "%s: %s (expected: what loadtest run --json writes)".formatted(name, e.getMessage()), e);
    }
    List<Named> named = new ArrayList<>();
    for (Report report : reports) {
      String number = reports.size() == 1 ? "" : " #" + (named.size() + 1);
      named.add(new Named(name + number, report));
    }
    return named;
  }
}
