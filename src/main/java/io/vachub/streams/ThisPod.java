package io.vachub.streams;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.vachub.policy.Revision;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.event.EventListener;

/**
 * What this pod tells its peers on its metrics page: whether it accepts streams, its revision, and
 * when it started.
 */
public class ThisPod {

  static final String ACCEPTING = "vachub_pod_accepting";
  static final String START_TIME = "vachub_pod_start_time_seconds";

  private final Revision revision;
  private volatile boolean accepting;
  private volatile boolean leaving;

  ThisPod(@Value("${vachub.revision:}") String revision, MeterRegistry registry) {
    long startedAtMillis = ManagementFactory.getRuntimeMXBean().getStartTime();
    this.revision = new Revision(revision, startedAtMillis);
    Gauge.builder("vachub.pod.accepting", this, pod -> pod.accepting ? 1 : 0)
        .description("1 while this pod is ready and accepts new streams, 0 before and after")
        .register(registry);
    TimeGauge.builder("vachub.pod.start.time", () -> startedAtMillis, TimeUnit.MILLISECONDS)
        .description("When this pod started, by its revision")
        .tag("revision", revision)
        .register(registry);
  }

  @EventListener
  void readinessChanged(AvailabilityChangeEvent<ReadinessState> event) {
    accepting = event.getState() == ReadinessState.ACCEPTING_TRAFFIC;
    leaving = !accepting;
  }

  Revision revision() {
    return revision;
  }

  /** Whether it was ready and no longer is, as soon as a shutdown begins. */
  boolean isLeaving() {
    return leaving;
  }
}
