package io.vachub.streams;

import io.vachub.policy.Refusal;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * How a fleet evens out: streams are moved off a pod that holds more than its share, and new ones
 * are turned away by it in favour of an emptier one.
 *
 * @param peers where the other pods' metrics are: {@code host:port}, of which every address counts,
 *     or a comma-separated list; empty for no rebalancing
 * @param interval how often the peers are read
 * @param tolerance the share above the peers' mean that is left alone
 * @param window how long the excess takes to be handed off
 * @param minStreamAge younger streams are left alone
 * @param maxPerMinute the share of a pod's streams that may be handed off within a minute
 * @param choices how many pods a stream may try before one that holds its share takes it; 1 for the
 *     first
 */
@ConfigurationProperties("vachub.rebalance")
public record RebalanceProperties(
    @DefaultValue("") String peers,
    @DefaultValue("5s") Duration interval,
    @DefaultValue("0.1") double tolerance,
    @DefaultValue("10s") Duration window,
    @DefaultValue("60s") Duration minStreamAge,
    @DefaultValue("1") double maxPerMinute,
    @DefaultValue("5") int choices) {

  public RebalanceProperties {
    if (interval.isNegative() || interval.isZero()) {
      throw invalid("interval", interval, "more than 0");
    }
    if (!(tolerance >= 0) || Double.isInfinite(tolerance)) {
      throw invalid("tolerance", tolerance, "0 or more, such as 0.1 for 10 %");
    }
    if (window.compareTo(interval) < 0) {
      throw invalid("window", window, "at least vachub.rebalance.interval");
    }
    if (minStreamAge.isNegative()) {
      throw invalid("min-stream-age", minStreamAge, "0 or more");
    }
    if (!(maxPerMinute > 0 && maxPerMinute <= 1)) {
      throw invalid(
          "max-per-minute", maxPerMinute, "more than 0 and up to 1, such as 0.5 for half");
    }
    if (choices < 1 || choices > Refusal.MAX_CHOICES) {
      throw invalid("choices", choices, "1 to " + Refusal.MAX_CHOICES);
    }
  }

  private static InvalidConfigurationPropertyValueException invalid(
      String name, Object value, String expected) {
    return new InvalidConfigurationPropertyValueException(
        "vachub.rebalance." + name, value, expected);
  }
}
