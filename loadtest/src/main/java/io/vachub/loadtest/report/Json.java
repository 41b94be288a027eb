package io.vachub.loadtest.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What the reports have in common as JSON. They are trees rather than records that Gson writes and
 * reads: with records each name would stand three times, and Gson would read what a report lacks as
 * 0 without a word.
 */
final class Json {

  private static final Gson PRETTY =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
  private static final Gson COMPACT = new Gson();

  private Json() {}

  /** Indented, with a line's end. */
  static String indented(JsonElement json) {
    return PRETTY.toJson(json) + "\n";
  }

  /** On one line, safe to put between HTML tags. */
  static String forHtml(JsonElement json) {
    return COMPACT.toJson(json);
  }

  static <T> JsonArray array(List<T> all, Function<T, JsonObject> tree) {
    JsonArray json = new JsonArray();
    all.forEach(one -> json.add(tree.apply(one)));
    return json;
  }

  /** How many there are of each, by its name. */
  static <K> JsonObject counts(Map<K, ? extends Number> counts, Function<K, String> name) {
    JsonObject json = new JsonObject();
    counts.forEach((key, count) -> json.addProperty(name.apply(key), count));
    return json;
  }

  static JsonObject outcome(Outcome outcome) {
    JsonObject json = new JsonObject();
    json.addProperty("assertion", outcome.assertion());
    json.addProperty("passed", outcome.passed());
    json.addProperty("value", outcome.message());
    return json;
  }

  static double rounded(double value) {
    return Math.round(value * 1e3) / 1e3;
  }
}
