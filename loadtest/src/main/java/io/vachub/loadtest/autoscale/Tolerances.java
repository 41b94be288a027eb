package io.vachub.loadtest.autoscale;

/**
 * The deviation from the target that an HPA leaves alone: 0.1 is 10 %.
 *
 * @param up above the target
 * @param down below it
 */
public record Tolerances(double up, double down) {

  boolean isWithin(double ratio) {
    return 1 - down <= ratio && ratio <= 1 + up;
  }
}
