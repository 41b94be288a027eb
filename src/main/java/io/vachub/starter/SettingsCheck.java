package io.vachub.starter;

import io.vachub.handoff.HandoffProperties;
import io.vachub.server.DrainProperties;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import net.devh.boot.grpc.server.config.GrpcServerProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.stereotype.Component;

/** Stops the start where the starter's settings, or settings taken together, cannot work. */
@Component
class SettingsCheck {

  private static final int MAX_PORT = 65_535;

  SettingsCheck(GrpcServerProperties server, HandoffProperties handoff, DrainProperties drain) {
    if (server.getPort() < -1 || server.getPort() > MAX_PORT) {
      throw new InvalidConfigurationPropertyValueException(
          "grpc.server.port",
          server.getPort(),
          "a port up to " + MAX_PORT + ", or 0 for a free one");
    }
    moreThanZero("max-connection-age", server.getMaxConnectionAge());
    moreThanZero("max-connection-age-grace", server.getMaxConnectionAgeGrace());
    moreThanZero("max-connection-idle", server.getMaxConnectionIdle());
    if (server.isEnableKeepAlive()) {
      moreThanZero("keep-alive-time", server.getKeepAliveTime());
      moreThanZero("keep-alive-timeout", server.getKeepAliveTimeout());
    }
    Duration permitKeepAlive = server.getPermitKeepAliveTime();
    if (permitKeepAlive != null && permitKeepAlive.isNegative()) {
      throw invalid("permit-keep-alive-time", permitKeepAlive, "0 or more");
    }
    marginFitsGrace(server, handoff);
    drainFitsShutdown(server, drain);
  }

  private static void moreThanZero(String name, Duration value) {
    if (value != null && (value.isNegative() || value.isZero())) {
      throw invalid(name, value, "more than 0");
    }
  }

  private static void marginFitsGrace(GrpcServerProperties server, HandoffProperties handoff) {
    Duration grace = server.getMaxConnectionAgeGrace();
    if (handoff.enabled()
        && server.getMaxConnectionAge() != null
        && grace != null
        && grace.compareTo(handoff.margin()) <= 0) {
      throw invalid(
          "max-connection-age-grace",
          grace,
          "more than vachub.handoff.margin, " + text(handoff.margin()));
    }
  }

  private static void drainFitsShutdown(GrpcServerProperties server, DrainProperties drain) {
    Duration grace = server.getShutdownGracePeriod();
    Duration needed = drain.quietPeriod().plus(drain.spread());
    if (!grace.isNegative() && grace.compareTo(needed) < 0) {
      throw invalid(
          "shutdown-grace-period",
          grace,
          "at least vachub.drain.quiet-period + vachub.drain.spread, " + text(needed));
    }
  }

  private static InvalidConfigurationPropertyValueException invalid(
      String name, Duration value, String expected) {
    return new InvalidConfigurationPropertyValueException(
        "grpc.server." + name, text(value), expected);
  }

  private static String text(Duration duration) {
    boolean wholeSeconds = duration.toMillisPart() == 0;
    return DurationStyle.SIMPLE.print(
        duration, wholeSeconds ? ChronoUnit.SECONDS : ChronoUnit.MILLIS);
  }
}
