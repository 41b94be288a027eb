package io.vachub.loadtest.report;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.vachub.loadtest.account.Account;
import io.vachub.loadtest.counters.CounterIncrease;
import io.vachub.loadtest.load.Durations;
import io.vachub.loadtest.load.Load;
import io.vachub.loadtest.measure.Cause;
import io.vachub.loadtest.measure.Counts;
import io.vachub.loadtest.measure.Meter;
import io.vachub.loadtest.measure.Timing;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** A report as JSON. Times end in their unit, everything else is a count or a ratio. */
public final class JsonReport {

  private static final double[] PERCENTILES = {50, 75, 90, 95, 99, 99.9, 99.99};

  /** All that was timed, in the encoding that HdrHistogram's tools read. */
  static final String HISTOGRAM = "histogram";

  private JsonReport() {}

  /** The report, indented, with all that {@link ReportReader} needs. */
  public static String write(Report report) {
    JsonObject json = whole(report);
    JsonObject timings = json.getAsJsonObject("timings");
    report
        .timings()
        .forEach(
            (timing, micros) ->
                timings
                    .getAsJsonObject(timing.key())
                    .addProperty(HISTOGRAM, HistogramText.write(micros)));
    return Json.indented(json);
  }

  /** The report on one line, safe to put between HTML tags. */
  static String writeForHtml(Report report) {
    return Json.forHtml(whole(report));
  }

  private static JsonObject whole(Report report) {
    JsonObject json = tree(report);
    json.add("series", SeriesJson.tree(report.series(), -1));
    return json;
  }

  /** All but the series. */
  public static JsonObject tree(Report report) {
    Counts counts = report.counts();
    JsonObject json = new JsonObject();
    json.addProperty("target", report.target());
    json.addProperty("unverified", report.unverified());
    json.addProperty("started", report.started().toString());
    json.addProperty("seconds", Json.rounded(report.seconds()));
    json.add("load", load(report.load()));
    json.add("account", account(counts));
    json.addProperty("messages_per_second", Json.rounded(report.rate()));
    json.add("late", late(counts));
    json.add("balance", balance(report));
    json.addProperty("streams_opened", counts.opened());
    json.addProperty("streams_never_opened", counts.neverOpened());
    json.addProperty("streams_unsettled", counts.unsettledStreams());
    json.add("reconnects", reconnects(counts));
    json.add("failures", byDetail(counts, Cause.Kind.FAILURE));
    json.add("texts", texts(counts));
    json.add("pods", pods(counts));
    json.add("timings", timings(report.timings()));
    json.add("cost", cost(report));
    json.add("health", health(report));
    report.increase().ifPresent(increase -> json.add("counters", counters(increase)));
    json.add("assertions", Json.array(report.outcomes(), Json::outcome));
    json.add("verdict", verdict(report));
    json.add("notes", new Gson().toJsonTree(report.notes()));
    return json;
  }

  private static JsonObject load(Load load) {
    JsonObject json = new JsonObject();
    json.addProperty("rpc", load.rpc().method());
    json.addProperty("method", load.rpc().fullMethod());
    json.addProperty("method_type", load.rpc().type().name().toLowerCase(Locale.ROOT));
    json.addProperty("counted", load.rpc().counted());
    json.addProperty("handoff", load.consent().name().toLowerCase(Locale.ROOT));
    json.addProperty("clients", load.clients());
    json.addProperty("channels", load.channels());
    json.addProperty("streams", load.streams());
    json.addProperty("rate", load.rate().toString());
    json.addProperty("message_bytes", load.messageBytes());
    json.addProperty("duration", Durations.format(load.duration()));
    json.addProperty("ramp", load.ramp().toString());
    load.course()
        .curve()
        .ifPresentOrElse(
            curve -> json.addProperty("curve", curve.toString()),
            () -> json.addProperty("curve", false));
    json.addProperty("lifetime", load.course().lifetime().toString());
    json.addProperty("client_id", load.clientId());
    return json;
  }

  private static JsonObject account(Counts counts) {
    Account account = counts.account();
    JsonObject json = new JsonObject();
    json.addProperty("sent", account.sent());
    json.addProperty("resent", account.resent());
    json.addProperty(counts.counted() ? "processed" : "answered", account.processed());
    if (counts.counted()) {
      json.addProperty("lost", account.lost());
      json.addProperty("doubled", account.doubled());
    }
    json.addProperty("unknown", account.unknown());
    json.addProperty("unsettled", account.unsettled());
    json.addProperty("unsent", counts.unsent());
    return json;
  }

  private static JsonObject late(Counts counts) {
    JsonObject json = new JsonObject();
    json.addProperty("threshold_ms", Meter.LATE_NANOS / 1_000_000);
    json.addProperty("messages", counts.late());
    json.addProperty("uncorrected_messages", counts.uncorrectedLate());
    return json;
  }

  private static JsonObject balance(Report report) {
    JsonObject json = new JsonObject();
    json.addProperty("pods", report.pods());
    json.addProperty("max_over_mean", Json.rounded(report.maxOverMean()));
    json.addProperty("average_max_over_mean", Json.rounded(report.averageMaxOverMean()));
    return json;
  }

  private static JsonObject reconnects(Counts counts) {
    JsonObject json = new JsonObject();
    json.add("handoff", byDetail(counts, Cause.Kind.HANDOFF));
    json.addProperty("goaway", counts.ended(Cause.Kind.GOAWAY));
    json.addProperty("reset", counts.ended(Cause.Kind.RESET));
    json.add("cut", byDetail(counts, Cause.Kind.CUT));
    json.addProperty("refused", counts.ended(Cause.Kind.REFUSED));
    json.addProperty("connect", counts.ended(Cause.Kind.CONNECT));
    return json;
  }

  private static JsonObject byDetail(Counts counts, Cause.Kind kind) {
    JsonObject json = new JsonObject();
    new TreeMap<>(counts.causes())
        .forEach(
            (cause, count) -> {
              if (cause.kind() == kind) {
                json.addProperty(cause.detail(), count);
              }
            });
    return json;
  }

  private static JsonObject timings(Map<Timing, Histogram> timings) {
    JsonObject json = new JsonObject();
    timings.forEach(
        (timing, micros) -> {
          JsonObject one = new JsonObject();
          one.addProperty("count", micros.getTotalCount());
          if (micros.getTotalCount() > 0) {
            one.addProperty("mean_ms", Json.rounded(micros.getMean() / 1e3));
            for (double percentile : PERCENTILES) {
              String name = "p" + String.valueOf(percentile).replaceFirst("\\.0$", "") + "_ms";
              one.addProperty(name, micros.getValueAtPercentile(percentile) / 1e3);
            }
            one.addProperty("max_ms", micros.getMaxValue() / 1e3);
          }
          json.add(timing.key(), one);
        });
    return json;
  }

  private static JsonObject cost(Report report) {
    JsonObject json = new JsonObject();
    json.addProperty("cpu_seconds", Json.rounded(report.cost().cpuSeconds()));
    json.addProperty("messages_per_cpu_second", Math.round(report.messagesPerCpuSecond()));
    json.addProperty("peak_memory_mib", report.cost().peakMemoryMib());
    return json;
  }

  private static JsonObject health(Report report) {
    JsonObject json = new JsonObject();
    json.addProperty("busiest_event_loop", Json.rounded(report.health().busiestLoop()));
    json.addProperty("seconds_behind", Json.rounded(report.health().behind()));
    json.addProperty("seconds_behind_warming_up", Json.rounded(report.health().warmingBehind()));
    json.addProperty("seconds_judged", Json.rounded(report.health().judged()));
    json.addProperty("gc_count", report.health().gcCount());
    json.addProperty("gc_seconds", Json.rounded(report.health().gcSeconds()));
    json.addProperty("bottleneck", report.health().bottleneck());
    return json;
  }

  private static JsonObject counters(CounterIncrease increase) {
    JsonObject json = new JsonObject();
    json.addProperty("counter", increase.counter());
    json.addProperty("messages", increase.total());
    json.addProperty("complete", increase.complete());
    json.add("pages", Json.array(increase.pages(), JsonReport::page));
    return json;
  }

  private static JsonObject page(CounterIncrease.Page page) {
    JsonObject json = new JsonObject();
    json.addProperty("url", page.url());
    json.addProperty("before", page.before());
    json.addProperty("after", page.after());
    json.addProperty("messages", page.increase());
    json.addProperty("found", page.found());
    json.addProperty("gone", page.gone());
    return json;
  }

  private static JsonArray texts(Counts counts) {
    JsonArray json = new JsonArray();
    counts
        .texts()
        .forEach(
            (cause, said) ->
                said.forEach(
                    (text, count) -> {
                      JsonObject one = new JsonObject();
                      one.addProperty("cause", cause.key());
                      one.addProperty("text", text);
                      one.addProperty("count", count);
                      json.add(one);
                    }));
    return json;
  }

  private static JsonArray pods(Counts counts) {
    JsonArray json = new JsonArray();
    counts
        .pods()
        .forEach(
            (name, pod) -> {
              JsonObject one = new JsonObject();
              one.addProperty("pod", name);
              one.addProperty("streams", pod.streams());
              one.addProperty("opened", pod.opened());
              one.addProperty("messages", pod.messages());
              one.add("ended", Json.counts(pod.ended(), Cause::key));
              json.add(one);
            });
    return json;
  }

  private static JsonObject verdict(Report report) {
    JsonObject json = new JsonObject();
    json.addProperty("passed", report.passed());
    json.add("findings", Json.array(report.findings(), JsonReport::finding));
    return json;
  }

  private static JsonObject finding(Finding finding) {
    JsonObject json = new JsonObject();
    json.addProperty("flaw", finding.flaw().key());
    json.addProperty("allowed", finding.allowed());
    json.addProperty("sentence", finding.sentence());
    return json;
  }
}
