package io.vachub.loadtest.simulation;

import io.vachub.loadtest.autoscale.Hpa;
import io.vachub.loadtest.autoscale.PodMetric;
import io.vachub.loadtest.autoscale.PodMetric.Phase;
import io.vachub.loadtest.fleet.Pods;
import io.vachub.loadtest.pipeline.MetricsPipeline;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Connects an HPA with the simulated pods and their scraped values. */
final class Autoscaler {

  private final Hpa hpa;
  private final Pods pods;
  private final MetricsPipeline.Kind kind;
  private int desired;

  Autoscaler(Hpa hpa, Pods pods, MetricsPipeline.Kind kind) {
    this.hpa = hpa;
    this.pods = pods;
    this.kind = kind;
  }

  void startWith(int replicas) {
    desired = replicas;
  }

  /** How many pods it wants. */
  int desired() {
    return desired;
  }

  /** Evaluates once, and returns how many pods to add, or to remove if negative. */
  int decide(int nowMillis) {
    int before = desired;
    desired = kind == MetricsPipeline.Kind.PODS ? byPods(nowMillis) : bySum(nowMillis);
    return desired - before;
  }

  private int byPods(int nowMillis) {
    List<PodMetric> metrics = new ArrayList<>();
    for (int pod = 0; pod < pods.made(); pod++) {
      switch (pods.state(pod)) {
        case PENDING -> metrics.add(PodMetric.without(Phase.PENDING));
        case STARTING -> metrics.add(PodMetric.without(Phase.RUNNING));
        case READY -> {
          OptionalInt newest = pods.scrapes(pod).newest(nowMillis);
          metrics.add(
              newest.isPresent()
                  ? new PodMetric(Phase.RUNNING, OptionalLong.of(newest.getAsInt() * 1000L))
                  : PodMetric.without(Phase.RUNNING));
        }
        case QUIET, DRAINING -> metrics.add(PodMetric.without(Phase.TERMINATING));
        case GONE -> {}
      }
    }
    return hpa.byPods(nowMillis, desired, metrics);
  }

  private int bySum(int nowMillis) {
    long sum = 0;
    int running = 0;
    boolean known = false;
    for (int pod = 0; pod < pods.made(); pod++) {
      if (pods.counts(pod)) {
        running++;
      }
      if (pods.scrapes(pod) != null) {
        OptionalInt newest = pods.scrapes(pod).newest(nowMillis);
        known |= newest.isPresent();
        sum += newest.orElse(0);
      }
    }
    // An empty answer is an error, and an HPA that has no metric changes nothing.
    return known ? hpa.bySum(nowMillis, desired, running, sum * 1000) : desired;
  }
}
