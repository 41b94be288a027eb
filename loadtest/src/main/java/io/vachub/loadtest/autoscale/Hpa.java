package io.vachub.loadtest.autoscale;

import io.vachub.loadtest.autoscale.HpaSettings.Behavior;
import io.vachub.loadtest.autoscale.ScalingRules.Policy;
import io.vachub.loadtest.autoscale.ScalingRules.Select;
import io.vachub.loadtest.autoscale.ScalingRules.Unit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A HorizontalPodAutoscaler ({@code autoscaling/v2}), as Kubernetes' controller decides it: the
 * metric's proposal, stabilized, at the allowed speed, within the bounds. It has no clock of its
 * own; times are milliseconds and never go back.
 */
public final class Hpa {

  /** Without behavior: the controller's {@code downscale-stabilization}, … */
  private static final long DOWNSCALE_STABILIZATION_MILLIS = 300_000;

  /** … and the largest scale-up that it allows at once. */
  private static final int UP_FACTOR = 2;

  private static final int UP_AT_LEAST = 4;

  /** A recommendation, with its time. */
  record Recommendation(long at, int replicas) {}

  private final HpaSettings settings;
  private final ReplicaCalculator calculator;
  private final List<Recommendation> recommendations = new ArrayList<>();
  private final ScaleEvents ups = new ScaleEvents();
  private final ScaleEvents downs = new ScaleEvents();

  /** An HPA without any history. */
  public Hpa(HpaSettings settings) {
    this.settings = settings;
    this.calculator = new ReplicaCalculator(settings.tolerances());
  }

  /**
   * Evaluates a metric of the type Pods.
   *
   * @param replicas the Deployment's current number of replicas
   * @param pods all pods that there are
   * @return the new number of replicas
   */
  public int byPods(long nowMillis, int replicas, Collection<PodMetric> pods) {
    return decide(nowMillis, replicas, calculator.byPods(replicas, settings.targetMilli(), pods));
  }

  /**
   * Evaluates a metric of the type External.
   *
   * @param replicas the Deployment's current number of replicas
   * @param running the pods that there are, without terminating ones
   * @param sumMilli the metric in thousandths
   * @return the new number of replicas
   */
  public int bySum(long nowMillis, int replicas, int running, long sumMilli) {
    return decide(
        nowMillis,
        replicas,
        OptionalInt.of(calculator.bySum(Math.max(1, running), settings.targetMilli(), sumMilli)));
  }

  private int decide(long now, int current, OptionalInt proposal) {
    if (recommendations.isEmpty()) {
      recommendations.add(new Recommendation(now, current));
    }
    int desired = current;
    if (current > settings.maxReplicas()) {
      desired = settings.maxReplicas();
    } else if (current < settings.minReplicas()) {
      desired = settings.minReplicas();
    } else if (proposal.isPresent()) {
      desired = normalized(now, current, proposal.getAsInt());
    }
    Optional<Behavior> behavior = settings.behavior();
    if (behavior.isPresent() && desired > current) {
      ups.add(now, desired - current, behavior.get().up().longestPeriod());
    } else if (behavior.isPresent() && desired < current) {
      downs.add(now, current - desired, behavior.get().down().longestPeriod());
    }
    return desired;
  }

  /** The recommendation, limited to the bounds. */
  int normalized(long now, int current, int proposal) {
    return settings
        .behavior()
        .map(
            behavior ->
                atAllowedSpeed(
                    now, current, stabilized(now, current, proposal, behavior), behavior))
        .orElseGet(() -> withoutBehavior(now, current, proposal));
  }

  private int withoutBehavior(long now, int current, int proposal) {
    long cutoff = now - DOWNSCALE_STABILIZATION_MILLIS;
    int highest = proposal;
    for (Recommendation recommendation : recommendations) {
      if (recommendation.at() >= cutoff) {
        highest = Math.max(highest, recommendation.replicas());
      }
    }
    recommendations.removeIf(old -> old.at() < cutoff);
    recommendations.add(new Recommendation(now, proposal));
    return withinBounds(current, highest);
  }

  int withinBounds(int current, int desired) {
    int limit = Math.max(current * UP_FACTOR, UP_AT_LEAST);
    int most = Math.min(limit, settings.maxReplicas());
    return desired < settings.minReplicas() ? settings.minReplicas() : Math.min(desired, most);
  }

  /** The lowest of the recent recommendations when scaling up, the highest when scaling down. */
  private int stabilized(long now, int current, int proposal, Behavior behavior) {
    long upCutoff = now - behavior.up().stabilization().toMillis();
    long downCutoff = now - behavior.down().stabilization().toMillis();
    int lowest = proposal;
    int highest = proposal;
    for (Recommendation recommendation : recommendations) {
      if (recommendation.at() > upCutoff) {
        lowest = Math.min(lowest, recommendation.replicas());
      }
      if (recommendation.at() > downCutoff) {
        highest = Math.max(highest, recommendation.replicas());
      }
    }
    recommendations.removeIf(old -> old.at() < upCutoff && old.at() < downCutoff);
    recommendations.add(new Recommendation(now, proposal));
    return Math.min(Math.max(current, lowest), highest);
  }

  int atAllowedSpeed(long now, int current, int desired, Behavior behavior) {
    if (desired > current) {
      int limit = Math.max(current, upLimit(now, current, behavior.up()));
      return Math.min(desired, Math.min(limit, settings.maxReplicas()));
    }
    if (desired < current) {
      int limit = Math.min(current, downLimit(now, current, behavior.down()));
      return Math.max(desired, Math.max(limit, settings.minReplicas()));
    }
    return desired;
  }

  private int upLimit(long now, int current, ScalingRules rules) {
    if (rules.select() == Select.DISABLED) {
      return current;
    }
    int limit = rules.select() == Select.MIN ? Integer.MAX_VALUE : Integer.MIN_VALUE;
    for (Policy policy : rules.policies()) {
      int before = atPeriodStart(now, current, policy);
      int proposed =
          policy.unit() == Unit.PODS
              ? before + policy.value()
              : (int) Math.ceil(before * (1 + policy.value() / 100.0));
      limit = rules.select() == Select.MIN ? Math.min(limit, proposed) : Math.max(limit, proposed);
    }
    return limit;
  }

  private int downLimit(long now, int current, ScalingRules rules) {
    if (rules.select() == Select.DISABLED) {
      return current;
    }
    int limit = rules.select() == Select.MIN ? Integer.MIN_VALUE : Integer.MAX_VALUE;
    for (Policy policy : rules.policies()) {
      int before = atPeriodStart(now, current, policy);
      int proposed =
          policy.unit() == Unit.PODS
              ? before - policy.value()
              : (int) (before * (1 - policy.value() / 100.0));
      limit = rules.select() == Select.MIN ? Math.max(limit, proposed) : Math.min(limit, proposed);
    }
    return limit;
  }

  private int atPeriodStart(long now, int current, Policy policy) {
    long since = now - policy.period().toMillis();
    return current - ups.after(since) + downs.after(since);
  }

  /** Adds this to the history. */
  void remember(
      List<Recommendation> earlier, List<ScaleEvents.Event> up, List<ScaleEvents.Event> down) {
    recommendations.addAll(earlier);
    up.forEach(ups::restore);
    down.forEach(downs::restore);
  }
}
