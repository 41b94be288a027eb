package io.vachub.streams;

import io.vachub.call.PropertyBounds;
import io.vachub.policy.Refusal;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How streams are balanced over the pods: a pod with more streams than the mean hands some of them
 * off, and refuses new ones in favour of an emptier pod.
 *
 * @param peers where the other pods' metrics are: `host:port`, of which every address counts (a
 *     headless Service), or several separated by commas; none: no rebalancing
 * @param interval how often the peers are read; at most 32 of them, sampled
 * @param tolerance a pod hands off only the streams above the mean times 1 + this
 * @param window how long it takes to hand them off
 * @param minStreamAge streams younger than this are not moved for balance
 * @param maxPerMinute the share of a pod's streams that may be handed off for balance within a
 *     minute, whatever the peers say
 * @param choices how many pods a new stream may try, 1 to 8: all but the last may refuse it if they
 *     hold the mean or more. Only for clients that accept handoffs
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
    PropertyBounds bounds = new PropertyBounds("vachub.rebalance.");
    bounds.positive("interval", interval);
    bounds.require(
        tolerance >= 0 && Double.isFinite(tolerance),
        "tolerance",
        tolerance,
        "0 or more, such as 0.1 for 10 %");
    bounds.require(
        window.compareTo(interval) >= 0, "window", window, "at least vachub.rebalance.interval");
    bounds.notNegative("min-stream-age", minStreamAge);
    bounds.require(
        maxPerMinute > 0 && maxPerMinute <= 1,
        "max-per-minute",
        maxPerMinute,
        "more than 0 and up to 1, such as 0.5 for half");
    bounds.require(
        choices >= 1 && choices <= Refusal.MAX_CHOICES,
        "choices",
        choices,
        "1 to " + Refusal.MAX_CHOICES);
  }
}
