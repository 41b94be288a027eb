package io.vachub.loadtest.autoscale;

/**
 * What an HPA is told.
 *
 * @param minReplicas fewest pods, 1 or more
 * @param maxReplicas most pods, at least {@code minReplicas}
 * @param targetMilli the target per pod, in thousandths as Kubernetes counts
 * @param tolerance the deviation from the target that is left alone: 0.1 is 10 %
 * @param up how fast pods are added
 * @param down how fast pods are taken away
 */
public record HpaSettings(
    int minReplicas,
    int maxReplicas,
    long targetMilli,
    double tolerance,
    ScalingRules up,
    ScalingRules down) {}
