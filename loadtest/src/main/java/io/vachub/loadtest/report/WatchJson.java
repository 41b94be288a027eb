package io.vachub.loadtest.report;

import com.google.gson.JsonObject;
import io.vachub.loadtest.measure.Cause;
import io.vachub.loadtest.measure.Sample;
import io.vachub.loadtest.watch.Fleet;
import io.vachub.loadtest.watch.Pod;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** A watched fleet as JSON; its series has the form of a load's. */
public final class WatchJson {

  private WatchJson() {}

  /** All but the series. */
  public static JsonObject tree(String target, Instant started, Fleet fleet) {
    JsonObject json = new JsonObject();
    json.addProperty("target", target);
    json.addProperty("started", started.toString());
    json.addProperty("seconds", Json.rounded(fleet.sample().seconds()));
    json.addProperty("messages", fleet.messages());
    json.add("ended", Json.counts(fleet.causes(), Cause::key));
    json.add("pods", Json.array(fleet.pods(), WatchJson::tree));
    return json;
  }

  /** With the series, indented. */
  public static String write(JsonObject fleet, List<Sample> series) {
    return Json.indented(with(fleet, series));
  }

  /** With the series, on one line, safe to put between HTML tags. */
  static String writeForHtml(JsonObject fleet, List<Sample> series) {
    return Json.forHtml(with(fleet, series));
  }

  private static JsonObject with(JsonObject fleet, List<Sample> series) {
    JsonObject json = fleet.deepCopy();
    json.add("series", SeriesJson.tree(series, -1));
    return json;
  }

  private static JsonObject tree(Pod pod) {
    JsonObject json = new JsonObject();
    json.addProperty("pod", pod.name());
    json.addProperty("state", pod.state().name().toLowerCase(Locale.ROOT));
    json.addProperty("accepting", pod.accepting());
    json.addProperty("streams", pod.streams());
    json.addProperty("connections", pod.connections());
    json.addProperty("messages_per_second", Json.rounded(pod.messagesPerSecond()));
    json.addProperty("messages", pod.messages());
    json.add("ended", Json.counts(pod.causes(), Cause::key));
    return json;
  }
}
