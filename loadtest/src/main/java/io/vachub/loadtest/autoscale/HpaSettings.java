package io.vachub.loadtest.autoscale;

import java.util.Optional;

/**
 * The settings of an HPA.
 *
 * @param minReplicas fewest pods, 1 or more
 * @param maxReplicas most pods, at least {@code minReplicas}
 * @param targetMilli the target per pod, in thousandths as Kubernetes counts
 * @param tolerances the deviation from the target that is left alone
 * @param behavior how fast pods are added and removed; without it, Kubernetes' defaults: up to
 *     double or by four at once, and down after five minutes of stabilization
 */
public record HpaSettings(
    int minReplicas,
    int maxReplicas,
    long targetMilli,
    Tolerances tolerances,
    Optional<Behavior> behavior) {

  /** How fast pods are added and removed. */
  public record Behavior(ScalingRules up, ScalingRules down) {}
}
