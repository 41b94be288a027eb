package io.vachub.loadtest.report;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.vachub.loadtest.measure.Cause;
import io.vachub.loadtest.measure.Percentiles;
import io.vachub.loadtest.measure.Sample;
import java.util.List;

/** Samples as JSON. */
public final class SeriesJson {

  private SeriesJson() {}

  /** All samples that end after this second. */
  public static JsonArray tree(List<Sample> series, double after) {
    JsonArray json = new JsonArray();
    for (Sample sample : series) {
      if (Json.rounded(sample.seconds()) > after) {
        json.add(tree(sample));
      }
    }
    return json;
  }

  /** The second that the last sample ends at, as it stands in JSON; -1 where there is none. */
  public static double lastSecond(List<Sample> series) {
    return series.isEmpty() ? -1 : Json.rounded(series.get(series.size() - 1).seconds());
  }

  private static JsonObject tree(Sample sample) {
    JsonObject json = new JsonObject();
    json.addProperty("second", Json.rounded(sample.seconds()));
    json.addProperty("interval_seconds", Json.rounded(sample.intervalSeconds()));
    json.addProperty("planned", sample.planned());
    json.addProperty("open", sample.open());
    json.addProperty("max_over_mean", Json.rounded(sample.maxOverMean()));
    json.addProperty("busiest_event_loop", Json.rounded(sample.busiestLoop()));
    json.addProperty("sent", sample.sent());
    json.addProperty("messages_per_second", Json.rounded(sample.rate()));
    json.addProperty("late", sample.late());
    json.add("pods", Json.counts(sample.streamsByPod(), pod -> pod));
    json.add("ended", Json.counts(sample.causes(), Cause::key));
    JsonObject timings = new JsonObject();
    sample.percentiles().forEach((timing, p) -> timings.add(timing.key(), tree(p)));
    json.add("timings", timings);
    if (!sample.buckets().isEmpty()) {
      JsonObject buckets = new JsonObject();
      sample
          .buckets()
          .forEach(
              (timing, b) -> buckets.add(timing.key(), Json.counts(b.counts(), Object::toString)));
      json.add("buckets", buckets);
    }
    return json;
  }

  private static JsonObject tree(Percentiles percentiles) {
    JsonObject json = new JsonObject();
    json.addProperty("p50_ms", percentiles.p50());
    json.addProperty("p99_ms", percentiles.p99());
    json.addProperty("p99.9_ms", percentiles.p999());
    json.addProperty("max_ms", percentiles.max());
    return json;
  }
}
