package io.vachub.loadtest.counters;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads pages in Prometheus' text format (version 0.0.4), and OpenMetrics as far as it is alike.
 */
public final class Exposition {

  private static final Pattern SERIES =
      Pattern.compile(
          "([a-zA-Z_:][\\w:]*)[ \\t]*(?:\\{((?:[^\"}]|\"(?:[^\"\\\\]|\\\\.)*+\")*+)})?[ \\t]*(\\S+).*");
  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_]\\w*)\\s*=\\s*\"((?:[^\"\\\\]|\\\\.)*+)\"");

  private Exposition() {}

  /**
   * One series of a page.
   *
   * @param name the metric's, as it stands on the page
   * @param labels by their names
   * @param value now
   */
  public record Series(String name, Map<String, String> labels, double value) {}

  /** The series of a page in order; lines that are none are left out. */
  public static List<Series> parse(String page) {
    List<Series> parsed = new ArrayList<>();
    page.lines().forEach(line -> series(line).ifPresent(parsed::add));
    return parsed;
  }

  private static Optional<Series> series(String line) {
    Matcher matcher = SERIES.matcher(line);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      double value = number(matcher.group(3));
      return Optional.of(new Series(matcher.group(1), labels(matcher.group(2)), value));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Map<String, String> labels(String text) {
    Map<String, String> labels = new LinkedHashMap<>();
    if (text != null) {
      Matcher label = LABEL.matcher(text);
      while (label.find()) {
        labels.put(label.group(1), unescaped(label.group(2)));
      }
    }
    return labels;
  }

  private static String unescaped(String text) {
    return text.indexOf('\\') < 0
        ? text
        : text.replace("\\\\", "\0").replace("\\\"", "\"").replace("\\n", "\n").replace('\0', '\\');
  }

  private static double number(String text) {
    return switch (text) {
      case "+Inf", "Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }
}
