package io.vachub.streams;

import io.vachub.call.PropertyBounds;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How many streams a pod serves.
 *
 * @param maxActive open streams at which a new one is refused; 0: no limit
 * @param target streams that a pod should have open, as the autoscaler's target: utilization is a
 *     share of it where there is no `vachub.streams.max-active`; 0: none
 */
@ConfigurationProperties("vachub.streams")
record StreamsProperties(@DefaultValue("10000") int maxActive, @DefaultValue("0") int target) {

  StreamsProperties {
    PropertyBounds bounds = new PropertyBounds("vachub.streams.");
    bounds.require(maxActive >= 0, "max-active", maxActive, "0 for no limit, or more");
    bounds.require(target >= 0, "target", target, "0 for none, or more");
    bounds.require(
        maxActive == 0 || target <= maxActive,
        "target",
        target,
        "at most vachub.streams.max-active, " + maxActive);
  }

  /**
   * The number of streams of a full pod: the limit or, without one, the target; 0 if neither is
   * set. The limit comes first, because utilization must still differ between pods below and above
   * the target.
   */
  int capacity() {
    return maxActive > 0 ? maxActive : target;
  }
}
