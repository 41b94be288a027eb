package io.vachub.loadtest.road;

import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * A road from the pods' metrics pages to the HPA.
 *
 * @param scrapeInterval how often each pod is read
 * @param ingestDelay how long a value takes until it can be asked for
 * @param window a newest value older than this is none
 * @param kind what the HPA is given
 */
public record MetricRoad(
    Duration scrapeInterval, Duration ingestDelay, Duration window, Kind kind) {

  /** What the HPA is given. */
  public enum Kind {
    /** Each pod's value: a metric of the type Pods. */
    PODS,
    /** The sum of all values, of terminating pods too: a metric of the type External. */
    EXTERNAL
  }

  /** The chart's roads, {@code autoscaling.metricsFrom}, with the chart's scrape interval. */
  public enum Preset {
    /** Managed Prometheus, Cloud Monitoring, Google's adapter. */
    GMP_ADAPTER(15, 20, 300, Kind.PODS),
    /** GKE reads the pods itself. */
    GKE_NATIVE(5, 1, 60, Kind.PODS),
    /** A Prometheus and its adapter. */
    PROMETHEUS_ADAPTER(15, 1, 300, Kind.PODS),
    /** A Prometheus that KEDA asks for the sum. */
    KEDA(15, 1, 300, Kind.EXTERNAL);

    private final MetricRoad road;

    Preset(int scrapeSeconds, int ingestSeconds, int windowSeconds, Kind kind) {
      road =
          new MetricRoad(
              Duration.ofSeconds(scrapeSeconds),
              Duration.ofSeconds(ingestSeconds),
              Duration.ofSeconds(windowSeconds),
              kind);
    }

    /** What it stands for. */
    public MetricRoad road() {
      return road;
    }

    /** Its name in the chart. */
    public String label() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    /**
     * The preset of this name.
     *
     * @throws IllegalArgumentException naming all there are
     */
    public static Preset named(String label) {
      return Arrays.stream(values())
          .filter(preset -> preset.label().equals(label))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("one of " + names()));
    }

    private static String names() {
      return Arrays.stream(values()).map(Preset::label).collect(Collectors.joining(", "));
    }
  }
}
