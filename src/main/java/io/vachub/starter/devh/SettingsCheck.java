package io.vachub.starter.devh;

import io.vachub.call.PropertyBounds;
import io.vachub.handoff.HandoffProperties;
import io.vachub.server.DrainProperties;
import io.vachub.starter.SettingsTogether;
import java.time.Duration;
import java.util.Optional;
import net.devh.boot.grpc.server.config.GrpcServerProperties;

/** Stops the start where the starter's settings, or settings taken together, cannot work. */
class SettingsCheck {

  private static final String PREFIX = "grpc.server.";
  private static final PropertyBounds BOUNDS = new PropertyBounds(PREFIX);

  private static final int MAX_PORT = 65_535;

  SettingsCheck(
      GrpcServerProperties server, HandoffProperties handoff, Optional<DrainProperties> drain) {
    BOUNDS.require(
        server.getPort() >= -1 && server.getPort() <= MAX_PORT,
        "port",
        server.getPort(),
        "a port up to " + MAX_PORT + ", or 0 for a free one");
    moreThanZero("max-connection-age", server.getMaxConnectionAge());
    moreThanZero("max-connection-age-grace", server.getMaxConnectionAgeGrace());
    moreThanZero("max-connection-idle", server.getMaxConnectionIdle());
    if (server.isEnableKeepAlive()) {
      moreThanZero("keep-alive-time", server.getKeepAliveTime());
      moreThanZero("keep-alive-timeout", server.getKeepAliveTimeout());
    }
    if (server.getPermitKeepAliveTime() != null) {
      BOUNDS.notNegative("permit-keep-alive-time", server.getPermitKeepAliveTime());
    }
    SettingsTogether.marginFitsGrace(
        PREFIX + "max-connection-age-grace",
        Optional.ofNullable(server.getMaxConnectionAge())
            .flatMap(age -> Optional.ofNullable(server.getMaxConnectionAgeGrace())),
        handoff);
    if (drain.isPresent()) {
      SettingsTogether.drainFitsShutdown(
          PREFIX + "shutdown-grace-period", server.getShutdownGracePeriod(), drain.get());
    }
  }

  private static void moreThanZero(String name, Duration value) {
    if (value != null) {
      BOUNDS.positive(name, value);
    }
  }
}
