package io.vachub.loadtest.report;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.grpc.MethodDescriptor.MethodType;
import io.vachub.loadtest.account.Account;
import io.vachub.loadtest.counters.CounterIncrease;
import io.vachub.loadtest.load.Course;
import io.vachub.loadtest.load.Durations;
import io.vachub.loadtest.load.HandoffConsent;
import io.vachub.loadtest.load.Lifetime;
import io.vachub.loadtest.load.Load;
import io.vachub.loadtest.load.LoadCurve;
import io.vachub.loadtest.load.Ramp;
import io.vachub.loadtest.load.Rate;
import io.vachub.loadtest.load.Rpc;
import io.vachub.loadtest.measure.Buckets;
import io.vachub.loadtest.measure.Cause;
import io.vachub.loadtest.measure.Counts;
import io.vachub.loadtest.measure.Meter;
import io.vachub.loadtest.measure.Percentiles;
import io.vachub.loadtest.measure.PodCounts;
import io.vachub.loadtest.measure.Sample;
import io.vachub.loadtest.measure.Timing;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.HdrHistogram.Histogram;

/** Reads what {@link JsonReport#write} wrote; times of the load and its samples to the ms. */
public final class ReportReader {

  private final JsonObject json;

  private ReportReader(JsonObject json) {
    this.json = json;
  }

  /** The same for a report as text. */
  public static Report read(String json) {
    return read(JsonParser.parseString(json).getAsJsonObject());
  }

  /**
   * The report.
   *
   * @throws IllegalArgumentException saying what is missing
   */
  public static Report read(JsonObject json) {
    try {
      return new ReportReader(json).report();
    } catch (IllegalStateException
        | UnsupportedOperationException
        | ClassCastException
        | DateTimeException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private Report report() {
    return new Report(
        text(json, "target"),
        load(object(json, "load")),
        Instant.parse(text(json, "started")),
        number(json, "seconds"),
        counts(),
        timings(object(json, "timings")),
        list(json, "series", ReportReader::sample),
        new Cost(
            number(object(json, "cost"), "cpu_seconds"),
            count(object(json, "cost"), "peak_memory_mib")),
        health(object(json, "health")),
        is(json, "unverified"),
        Optional.ofNullable(json.getAsJsonObject("counters")).map(ReportReader::increase),
        list(
            json,
            "assertions",
            one -> new Outcome(text(one, "assertion"), is(one, "passed"), text(one, "value"))),
        list(
            object(json, "verdict"),
            "findings",
            one ->
                new Finding(
                    Flaw.named(text(one, "flaw")), is(one, "allowed"), text(one, "sentence"))));
  }

  private static Load load(JsonObject load) {
    JsonElement curve = member(load, "curve");
    String ramp = text(load, "ramp");
    return new Load(
        new Rpc(
            text(load, "method"),
            MethodType.valueOf(text(load, "method_type").toUpperCase(Locale.ROOT)),
            is(load, "counted")),
        (int) count(load, "clients"),
        (int) count(load, "channels"),
        (int) count(load, "streams"),
        Rate.parse(text(load, "rate")),
        (int) count(load, "message_bytes"),
        Durations.parse(text(load, "duration")),
        ramp.equals(Ramp.NONE.toString()) ? Ramp.NONE : Ramp.parse(ramp),
        HandoffConsent.valueOf(text(load, "handoff").toUpperCase(Locale.ROOT)),
        text(load, "client_id"),
        new Course(
            curve.getAsString().equals("false")
                ? Optional.empty()
                : Optional.of(LoadCurve.parse(curve.getAsString())),
            Lifetime.parse(text(load, "lifetime"))));
  }

  private Counts counts() {
    JsonObject account = object(json, "account");
    JsonObject late = object(json, "late");
    boolean counted = account.has("processed");
    return new Counts(
        new Account(
            count(account, "sent"),
            count(account, "resent"),
            count(account, counted ? "processed" : "answered"),
            counted ? count(account, "lost") : 0,
            counted ? count(account, "doubled") : 0,
            count(account, "unknown"),
            count(account, "unsettled")),
        count(late, "messages"),
        count(late, "uncorrected_messages"),
        count(json, "streams_opened"),
        count(json, "streams_unsettled"),
        count(json, "streams_never_opened"),
        count(account, "unsent"),
        counted,
        causes(),
        texts(),
        pods());
  }

  private Map<String, PodCounts> pods() {
    Map<String, PodCounts> pods = new TreeMap<>();
    for (JsonObject pod : list(json, "pods", one -> one)) {
      Map<Cause, Long> ended = new TreeMap<>();
      counts(object(pod, "ended"), Cause::parse, ended);
      pods.put(
          text(pod, "pod"),
          new PodCounts(
              count(pod, "streams"), count(pod, "opened"), count(pod, "messages"), ended));
    }
    return pods;
  }

  private Map<Cause, Long> causes() {
    JsonObject reconnects = object(json, "reconnects");
    Map<Cause, Long> causes = new HashMap<>();
    counts(object(reconnects, "handoff"), Cause::handoff, causes);
    counts(object(reconnects, "cut"), Cause::cut, causes);
    counts(object(json, "failures"), Cause::failure, causes);
    for (Cause cause : List.of(Cause.GOAWAY, Cause.RESET, Cause.REFUSED, Cause.CONNECT)) {
      long count = count(reconnects, cause.key());
      if (count > 0) {
        causes.put(cause, count);
      }
    }
    return causes;
  }

  private Map<Cause, Map<String, Long>> texts() {
    Map<Cause, Map<String, Long>> texts = new TreeMap<>();
    list(json, "texts", one -> one)
        .forEach(
            one ->
                texts
                    .computeIfAbsent(Cause.parse(text(one, "cause")), cause -> new TreeMap<>())
                    .put(text(one, "text"), count(one, "count")));
    return texts;
  }

  private static Map<Timing, Histogram> timings(JsonObject timings) {
    Map<Timing, Histogram> histograms = new EnumMap<>(Timing.class);
    for (Timing timing : Timing.values()) {
      Histogram micros = Meter.newHistogram();
      if (timings.has(timing.key())) {
        micros.add(HistogramText.read(text(object(timings, timing.key()), JsonReport.HISTOGRAM)));
      }
      histograms.put(timing, micros);
    }
    return histograms;
  }

  private static Sample sample(JsonObject sample) {
    Map<String, Long> pods = new TreeMap<>();
    counts(object(sample, "pods"), pod -> pod, pods);
    Map<Cause, Long> causes = new TreeMap<>();
    counts(object(sample, "ended"), Cause::parse, causes);
    JsonObject timings = object(sample, "timings");
    Map<Timing, Percentiles> percentiles = new EnumMap<>(Timing.class);
    for (Timing timing : Timing.values()) {
      if (timings.has(timing.key())) {
        JsonObject one = object(timings, timing.key());
        percentiles.put(
            timing,
            new Percentiles(
                number(one, "p50_ms"),
                number(one, "p99_ms"),
                number(one, "p99.9_ms"),
                number(one, "max_ms")));
      }
    }
    return new Sample(
        number(sample, "second"),
        number(sample, "interval_seconds"),
        (int) count(sample, "planned"),
        pods,
        count(sample, "sent"),
        count(sample, "late"),
        percentiles,
        sample.has("buckets") ? buckets(object(sample, "buckets")) : Map.of(),
        causes,
        number(sample, "busiest_event_loop"));
  }

  private static Map<Timing, Buckets> buckets(JsonObject json) {
    Map<Timing, Buckets> buckets = new EnumMap<>(Timing.class);
    for (Timing timing : Timing.values()) {
      if (json.has(timing.key())) {
        TreeMap<Integer, Long> counts = new TreeMap<>();
        counts(object(json, timing.key()), Integer::valueOf, counts);
        buckets.put(timing, new Buckets(counts));
      }
    }
    return buckets;
  }

  private static Health health(JsonObject health) {
    return new Health(
        number(health, "busiest_event_loop"),
        number(health, "seconds_behind_warming_up"),
        number(health, "seconds_behind"),
        number(health, "seconds_judged"),
        count(health, "gc_count"),
        number(health, "gc_seconds"));
  }

  private static CounterIncrease increase(JsonObject increase) {
    return new CounterIncrease(
        text(increase, "counter"),
        list(
            increase,
            "pages",
            page ->
                new CounterIncrease.Page(
                    text(page, "url"),
                    count(page, "before"),
                    count(page, "after"),
                    count(page, "messages"),
                    is(page, "found"),
                    is(page, "gone"))));
  }

  private static <K> void counts(JsonObject json, Function<String, K> key, Map<K, Long> counts) {
    json.entrySet()
        .forEach(entry -> counts.put(key.apply(entry.getKey()), entry.getValue().getAsLong()));
  }

  private static <T> List<T> list(JsonObject json, String name, Function<JsonObject, T> read) {
    return member(json, name).getAsJsonArray().asList().stream()
        .map(element -> read.apply(element.getAsJsonObject()))
        .toList();
  }

  private static JsonObject object(JsonObject json, String name) {
    return member(json, name).getAsJsonObject();
  }

  private static String text(JsonObject json, String name) {
    return member(json, name).getAsString();
  }

  private static long count(JsonObject json, String name) {
    return member(json, name).getAsLong();
  }

  private static double number(JsonObject json, String name) {
    return member(json, name).getAsDouble();
  }

  private static boolean is(JsonObject json, String name) {
    return member(json, name).getAsBoolean();
  }

  private static JsonElement member(JsonObject json, String name) {
    JsonElement member = json.get(name);
    if (member == null) {
      throw new IllegalArgumentException("it has no " + name);
    }
    return member;
  }
}
