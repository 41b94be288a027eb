package io.vachub.loadtest.report;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.vachub.loadtest.measure.Buckets;
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
      if (rounded(sample.seconds()) > after) {
        json.add(tree(sample));
      }
    }
    return json;
  }

  /** The second that the last sample ends at, as it stands in JSON; -1 where there is none. */
  public static double lastSecond(List<Sample> series) {
    return series.isEmpty() ? -1 : rounded(series.get(series.size() - 1).seconds());
  }

  private static JsonObject tree(Sample sample) {
    JsonObject json = new JsonObject();
    json.addProperty("second", rounded(sample.seconds()));
    json.addProperty("interval_seconds", rounded(sample.intervalSeconds()));
    json.addProperty("planned", sample.planned());
    json.addProperty("open", sample.open());
    json.addProperty("max_over_mean", rounded(sample.maxOverMean()));
    json.addProperty("busiest_event_loop", rounded(sample.busiestLoop()));
    json.addProperty("sent", sample.sent());
    json.addProperty("messages_per_second", rounded(sample.rate()));
    json.addProperty("late", sample.late());
    JsonObject pods = new JsonObject();
    sample.streamsByPod().forEach(pods::addProperty);
    json.add("pods", pods);
    JsonObject causes = new JsonObject();
    sample.causes().forEach((cause, count) -> causes.addProperty(cause.key(), count));
    json.add("ended", causes);
    JsonObject timings = new JsonObject();
    sample.percentiles().forEach((timing, p) -> timings.add(timing.key(), tree(p)));
    json.add("timings", timings);
    if (!sample.buckets().isEmpty()) {
      JsonObject buckets = new JsonObject();
      sample.buckets().forEach((timing, b) -> buckets.add(timing.key(), tree(b)));
      json.add("buckets", buckets);
    }
    return json;
  }

  private static JsonObject tree(Buckets buckets) {
    JsonObject json = new JsonObject();
    buckets.counts().forEach((bucket, count) -> json.addProperty(bucket.toString(), count));
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

  static double rounded(double value) {
    return Math.round(value * 1e3) / 1e3;
  }
}
