package io.vachub.loadtest.pipeline;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * How the number of streams comes from the pods' metrics pages to the HPA.
 *
 * @param scrapeInterval how often each pod is read
 * @param ingestDelay how long it takes until a scraped value can be queried
 * @param window a value older than this is not used
 * @param kind what the HPA is given
 */
public record MetricsPipeline(
    Duration scrapeInterval, Duration ingestDelay, Duration window, Kind kind) {

  /** What the HPA is given. */
  public enum Kind {
    /** Each pod's value: a metric of the type Pods. */
    PODS,
    /** The sum of all values, of terminating pods too: a metric of the type External. */
    EXTERNAL
  }

  /** The chart's {@code autoscaling.metricsFrom}, with the chart's scrape interval. */
  public enum Preset {
    /** Managed Prometheus, Cloud Monitoring, Google's adapter. */
    GMP_ADAPTER(15, 20, 300, Kind.PODS),
    /** GKE reads the pods itself. */
    GKE_NATIVE(5, 1, 60, Kind.PODS),
    /** A Prometheus and its adapter. */
    PROMETHEUS_ADAPTER(15, 1, 300, Kind.PODS),
    /** A Prometheus that KEDA queries for the sum. */
    KEDA(15, 1, 300, Kind.EXTERNAL);

    private final MetricsPipeline pipeline;

    Preset(int scrapeSeconds, int ingestSeconds, int windowSeconds, Kind kind) {
      pipeline =
          new MetricsPipeline(
              Duration.ofSeconds(scrapeSeconds),
              Duration.ofSeconds(ingestSeconds),
              Duration.ofSeconds(windowSeconds),
              kind);
    }

    /** What it stands for. */
    public MetricsPipeline pipeline() {
      return pipeline;
    }

    /** Its name in the chart. */
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
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
