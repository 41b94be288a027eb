package io.vachub.loadtest.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.GaugeData;
import io.opentelemetry.sdk.metrics.data.HistogramData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.opentelemetry.sdk.metrics.data.SumData;
import io.opentelemetry.sdk.metrics.export.MetricProducer;
import io.opentelemetry.sdk.resources.Resource;
import io.vachub.loadtest.account.Account;
import io.vachub.loadtest.measure.Cause;
import io.vachub.loadtest.measure.Counts;
import io.vachub.loadtest.measure.Timing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The last snapshot of a load as OpenTelemetry's metrics, all cumulative since the load began. They
 * do not cost the load anything: its meters are read once per interval anyway.
 */
final class LoadMetrics implements MetricProducer {

  private static final AttributeKey<String> POD = AttributeKey.stringKey("pod");
  private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("outcome");
  private static final AttributeKey<String> REASON = AttributeKey.stringKey("reason");

  private final long startNanos = epochNanos();
  private volatile Snapshot snapshot = Snapshot.nothing();

  void set(Snapshot now) {
    snapshot = now;
  }

  @Override
  public Collection<MetricData> produce(Resource resource) {
    return new Reading(resource, snapshot).all();
  }

  private static long epochNanos() {
    return TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
  }

  /** The metrics of one snapshot. */
  private final class Reading {

    private final Resource resource;
    private final Snapshot now;
    private final long nowNanos = epochNanos();
    private final List<MetricData> all = new ArrayList<>();

    Reading(Resource resource, Snapshot now) {
      this.resource = resource;
      this.now = now;
    }

    List<MetricData> all() {
      streams();
      messages(now.counts().account());
      for (Timing timing : Timing.values()) {
        histogram(timing);
      }
      itself();
      return all;
    }

    private void streams() {
      Counts counts = now.counts();
      gauge("streams.open", "Streams open now.", now.sample().open());
      gauge("streams.planned", "Streams that should be open now.", now.sample().planned());
      Map<Attributes, Long> pods = new TreeMap<>(byText());
      now.sample().streamsByPod().forEach((pod, n) -> pods.put(Attributes.of(POD, pod), n));
      add(
          "pod.streams.open",
          "{stream}",
          "Streams open now, by the pod that serves them.",
          MetricDataType.LONG_GAUGE,
          GaugeData.createLongGaugeData(points(pods)));
      counter("streams.opened", "{stream}", "Streams that a server answered.", counts.opened());
      counter("streams.cut", "{stream}", "Open streams that ended unasked.", counts.cut());
      Map<Attributes, Long> outcomes = new TreeMap<>(byText());
      Arrays.stream(Cause.Kind.values())
          .filter(kind -> kind != Cause.Kind.LEFT)
          .forEach(
              kind ->
                  outcomes.put(
                      Attributes.of(OUTCOME, kind.name().toLowerCase(Locale.ROOT)),
                      counts.ended(kind)));
      counter("streams.ended", "{stream}", "Streams that ended early, by outcome.", outcomes);
      Map<Attributes, Long> handoffs = new TreeMap<>(byText());
      counts
          .causes()
          .forEach(
              (cause, n) -> {
                if (cause.kind() == Cause.Kind.HANDOFF) {
                  handoffs.put(Attributes.of(REASON, cause.detail()), n);
                }
              });
      counter("handoffs", "{handoff}", "Streams handed off, by reason.", handoffs);
      counter(
          "streams.unsettled",
          "{stream}",
          "Streams given up at the end of the load.",
          counts.unsettledStreams());
      counter(
          "streams.never_opened",
          "{stream}",
          "Streams that no server ever answered, once the load is over.",
          counts.neverOpened());
    }

    private void messages(Account account) {
      message("sent", "Messages that left, each counted once.", account.sent());
      message("resent", "Times that a message left again after a handoff.", account.resent());
      message(
          "acknowledged",
          "Messages answered one by one.",
          count(now.timings().get(Timing.ACKNOWLEDGE)));
      message(
          "processed",
          "Messages that servers are known to have processed, told when a stream ends.",
          account.processed());
      message("lost", "Messages known not to have been processed.", account.lost());
      message("doubled", "Messages that servers counted beyond those sent.", account.doubled());
      message("unknown", "Messages on cut streams, processed or not.", account.unknown());
      message("unsettled", "Messages on streams given up at the end.", account.unsettled());
      message("late", "Messages that left more than 10 ms late.", now.counts().late());
      message("unsent", "Messages that were due and never left.", now.counts().unsent());
    }

    private void itself() {
      add(
          "event_loop.busy_ratio",
          "1",
          "The share of the last interval that the load tester's busiest event loop was busy.",
          MetricDataType.DOUBLE_GAUGE,
          GaugeData.createDoubleGaugeData(List.of(point(now.sample().busiestLoop()))));
      add(
          "cpu",
          "s",
          "Processor time of the load tester.",
          MetricDataType.DOUBLE_SUM,
          SumData.createDoubleSumData(
              true, AggregationTemporality.CUMULATIVE, List.of(point(now.cost().cpuSeconds()))));
      add(
          "memory.peak",
          "By",
          "Most memory that the load tester had at once.",
          MetricDataType.LONG_GAUGE,
          GaugeData.createLongGaugeData(
              points(Map.of(Attributes.empty(), now.cost().peakMemoryMib() << 20))));
    }

    private void message(String state, String description, long value) {
      counter("messages." + state, "{message}", description, value);
    }

    private void gauge(String name, String description, long value) {
      add(
          name,
          "{stream}",
          description,
          MetricDataType.LONG_GAUGE,
          GaugeData.createLongGaugeData(points(Map.of(Attributes.empty(), value))));
    }

    private void counter(String name, String unit, String description, long value) {
      counter(name, unit, description, Map.of(Attributes.empty(), value));
    }

    private void counter(
        String name, String unit, String description, Map<Attributes, Long> values) {
      add(
          name,
          unit,
          description,
          MetricDataType.LONG_SUM,
          SumData.createLongSumData(true, AggregationTemporality.CUMULATIVE, points(values)));
    }

    private void histogram(Timing timing) {
      Snapshot.Buckets buckets = now.timings().get(timing);
      HistogramPointData point =
          HistogramPointData.create(
              startNanos,
              nowNanos,
              Attributes.empty(),
              buckets.sumSeconds(),
              false,
              0,
              false,
              0,
              Snapshot.BOUNDS_SECONDS,
              List.of(buckets.counts()));
      add(
          timing.key(),
          "s",
          timing.meaning(),
          MetricDataType.HISTOGRAM,
          HistogramData.create(AggregationTemporality.CUMULATIVE, List.of(point)));
    }

    private void add(
        String name,
        String unit,
        String description,
        MetricDataType type,
        io.opentelemetry.sdk.metrics.data.Data<?> data) {
      all.add(new LoadMetric(resource, "loadtest." + name, unit, description, type, data));
    }

    private List<LongPointData> points(Map<Attributes, Long> values) {
      return values.entrySet().stream()
          .map(
              value -> LongPointData.create(startNanos, nowNanos, value.getKey(), value.getValue()))
          .toList();
    }

    private DoublePointData point(double value) {
      return DoublePointData.create(startNanos, nowNanos, Attributes.empty(), value, List.of());
    }
  }

  private static Comparator<Attributes> byText() {
    return Comparator.comparing(Attributes::toString);
  }

  private static long count(Snapshot.Buckets buckets) {
    return Arrays.stream(buckets.counts()).mapToLong(Long::longValue).sum();
  }
}
