package io.vachub.handoff;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * How streams are moved off a pod that holds more than its share.
 *
 * @param peers where the other pods' metrics are: {@code host:port}, of which every address counts,
 *     or a comma-separated list; empty for no rebalancing
 * @param interval how often the peers are read
 * @param tolerance the share above the peers' mean that is left alone
 * @param window how long the excess takes to be handed off
 * @param minStreamAge younger streams are left alone
 */
@ConfigurationProperties("vachub.rebalance")
record RebalanceProperties(
    @DefaultValue("") String peers,
    @DefaultValue("5s") Duration interval,
    @DefaultValue("0.1") double tolerance,
    @DefaultValue("15s") Duration window,
    @DefaultValue("30s") Duration minStreamAge) {

  RebalanceProperties {
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
  }

  private static InvalidConfigurationPropertyValueException invalid(
      String name, Object value, String expected) {
    return new InvalidConfigurationPropertyValueException(
        "vachub.rebalance." + name, value, expected);
  }
}
