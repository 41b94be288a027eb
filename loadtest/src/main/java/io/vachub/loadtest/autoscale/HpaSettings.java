package io.vachub.loadtest.autoscale;

import java.util.Optional;

/**
 * What an HPA is told.
 *
 * @param minReplicas fewest pods, 1 or more
 * @param maxReplicas most pods, at least {@code minReplicas}
 * @param targetMilli the target per pod, in thousandths as Kubernetes counts
 * @param tolerances the deviation from the target that is left alone
 * @param behavior how fast pods are added and taken away; without it, to twice as many or four at
 *     once, and down after five quiet minutes
 */
public record HpaSettings(
    int minReplicas,
    int maxReplicas,
    long targetMilli,
    Tolerances tolerances,
    Optional<Behavior> behavior) {

  /** How fast pods are added, and how fast they are taken away. */
  public record Behavior(ScalingRules up, ScalingRules down) {}
}
