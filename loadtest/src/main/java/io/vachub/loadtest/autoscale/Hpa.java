package io.vachub.loadtest.autoscale;

import io.vachub.loadtest.autoscale.ScalingRules.Policy;
import io.vachub.loadtest.autoscale.ScalingRules.Select;
import io.vachub.loadtest.autoscale.ScalingRules.Unit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;

/**
 * A HorizontalPodAutoscaler ({@code autoscaling/v2} with {@code behavior}), as Kubernetes'
 * controller decides it: the metric's proposal, stabilized, at the allowed speed, within the
 * bounds. It has no clock of its own; times are milliseconds and never go back.
 */
public final class Hpa {

  /** Kubernetes takes no longer {@code periodSeconds}. */
  private static final long LONGEST_PERIOD_MILLIS = 1_800_000;

  private record Recommendation(long at, int replicas) {}

  private record Change(long at, int pods) {}

  private final HpaSettings settings;
  private final ReplicaCalculator calculator;
  private final List<Recommendation> recommendations = new ArrayList<>();
  private final List<Change> ups = new ArrayList<>();
  private final List<Change> downs = new ArrayList<>();

  /** An HPA that has seen nothing yet. */
  public Hpa(HpaSettings settings) {
    this.settings = settings;
    this.calculator = new ReplicaCalculator(settings.targetMilli(), settings.tolerance());
  }

  /**
   * One round with a metric of the type Pods.
   *
   * @param replicas what the Deployment asks for now
   * @param pods all pods that there are
   * @return what it is to ask for from now on
   */
  public int byPods(long nowMillis, int replicas, Collection<PodMetric> pods) {
    return decide(nowMillis, replicas, calculator.byPods(replicas, pods));
  }

  /**
   * One round with a metric of the type External.
   *
   * @param replicas what the Deployment asks for now
   * @param running the pods that there are, without terminating ones
   * @param sumMilli the metric in thousandths
   * @return what the Deployment is to ask for from now on
   */
  public int bySum(long nowMillis, int replicas, int running, long sumMilli) {
    return decide(
        nowMillis, replicas, OptionalInt.of(calculator.bySum(Math.max(1, running), sumMilli)));
  }

  private int decide(long now, int current, OptionalInt proposal) {
    ups.removeIf(change -> change.at() < now - LONGEST_PERIOD_MILLIS);
    downs.removeIf(change -> change.at() < now - LONGEST_PERIOD_MILLIS);
    if (recommendations.isEmpty()) {
      recommendations.add(new Recommendation(now, current));
    }
    int desired = current;
    if (current > settings.maxReplicas()) {
      desired = settings.maxReplicas();
    } else if (current < settings.minReplicas()) {
      desired = settings.minReplicas();
    } else if (proposal.isPresent()) {
      desired = atAllowedSpeed(now, current, stabilized(now, current, proposal.getAsInt()));
    }
    if (desired > current) {
      ups.add(new Change(now, desired - current));
    } else if (desired < current) {
      downs.add(new Change(now, current - desired));
    }
    return desired;
  }

  /** The lowest of the recent recommendations on the way up, the highest on the way down. */
  private int stabilized(long now, int current, int proposal) {
    long upCutoff = now - settings.up().stabilization().toMillis();
    long downCutoff = now - settings.down().stabilization().toMillis();
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

  private int atAllowedSpeed(long now, int current, int desired) {
    if (desired > current) {
      int limit = Math.max(current, upLimit(now, current));
      return Math.min(desired, Math.min(limit, settings.maxReplicas()));
    }
    if (desired < current) {
      int limit = Math.min(current, downLimit(now, current));
      return Math.max(desired, Math.max(limit, settings.minReplicas()));
    }
    return desired;
  }

  private int upLimit(long now, int current) {
    ScalingRules rules = settings.up();
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

  private int downLimit(long now, int current) {
    ScalingRules rules = settings.down();
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
    return current - sumAfter(ups, since) + sumAfter(downs, since);
  }

  private static int sumAfter(List<Change> changes, long since) {
    return changes.stream().filter(c -> c.at() > since).mapToInt(Change::pods).sum();
  }
}
