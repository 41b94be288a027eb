package io.vachub.starter;

import static io.vachub.call.PropertyBounds.text;

import io.vachub.call.PropertyBounds;
import io.vachub.handoff.HandoffProperties;
import io.vachub.server.DrainProperties;
import java.time.Duration;
import java.util.Optional;

/** Rejects settings of a starter and of vac-hub that cannot work together. */
public final class SettingsTogether {

  private static final PropertyBounds BOUNDS = new PropertyBounds("");

  private SettingsTogether() {}

  /**
   * A stream must be over before its connection is closed by force.
   *
   * @param property the starter's name of the grace
   * @param grace between a connection's age and its forced close; empty if there is none
   */
  public static void marginFitsGrace(
      String property, Optional<Duration> grace, HandoffProperties handoff) {
    if (handoff.enabled() && grace.isPresent() && grace.get().compareTo(handoff.margin()) <= 0) {
      throw BOUNDS.invalid(
          property, grace.get(), "more than vachub.handoff.margin, " + text(handoff.margin()));
    }
  }

  /**
   * A drain must be over before the rest is closed by force.
   *
   * @param property the starter's name of the grace
   * @param grace what a shutdown may take; negative: as long as it takes
   */
  public static void drainFitsShutdown(String property, Duration grace, DrainProperties drain) {
    Duration needed = drain.quietPeriod().plus(drain.spread());
    if (!grace.isNegative() && grace.compareTo(needed) < 0) {
      throw BOUNDS.invalid(
          property,
          grace,
          "at least vachub.drain.quiet-period + vachub.drain.spread, " + text(needed));
    }
  }
}
