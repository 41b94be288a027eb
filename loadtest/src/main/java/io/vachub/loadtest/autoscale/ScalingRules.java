package io.vachub.loadtest.autoscale;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/**
 * How fast the number of pods may change in one direction: an HPA's {@code behavior.scaleUp} or
 * {@code behavior.scaleDown}.
 *
 * @param stabilization how far back the HPA looks for the most cautious recommendation
 * @param select which of the policies counts
 * @param policies the limits; none means no change at all
 */
public record ScalingRules(Duration stabilization, Select select, List<Policy> policies) {

  /** Which policy counts where several give a limit. */
  public enum Select {
    /** The one that allows the greatest change. */
    MAX,
    /** The one that allows the smallest change. */
    MIN,
    /** No change in this direction. */
    DISABLED
  }

  /** What a policy's value counts. */
  public enum Unit {
    PODS,
    PERCENT
  }

  /**
   * A limit on the change within a time.
   *
   * @param unit what {@code value} counts
   * @param value the greatest change, in pods or in percent of the pods at the period's start
   * @param period the time that it holds for
   */
  public record Policy(Unit unit, int value, Duration period) {}

  /** The longest of the policies' periods; a change older than that counts no more. */
  Duration longestPeriod() {
    return policies.stream()
        .map(Policy::period)
        .max(Comparator.naturalOrder())
        .orElse(Duration.ZERO);
  }

  /** Kubernetes' default for scaling up: without stabilization, four pods or 100 % each 15 s. */
  public static final ScalingRules UP_DEFAULT =
      new ScalingRules(
          Duration.ZERO,
          Select.MAX,
          List.of(
              new Policy(Unit.PODS, 4, Duration.ofSeconds(15)),
              new Policy(Unit.PERCENT, 100, Duration.ofSeconds(15))));

  /** Kubernetes' default for scaling down: after five minutes of stabilization, to any number. */
  public static final ScalingRules DOWN_DEFAULT =
      new ScalingRules(
          Duration.ofMinutes(5),
          Select.MAX,
          List.of(new Policy(Unit.PERCENT, 100, Duration.ofSeconds(15))));
}
