package io.vachub.starter.boot;

import io.vachub.handoff.HandoffProperties;
import io.vachub.server.DrainProperties;
import io.vachub.starter.SettingsTogether;
import java.util.Optional;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerProperties;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerProperties.Keepalive.Connection;

/** Stops the start where settings taken together cannot work. */
class SettingsCheck {

  private static final String PREFIX = "spring.grpc.server.";

  SettingsCheck(
      GrpcServerProperties server, HandoffProperties handoff, Optional<DrainProperties> drain) {
    Connection connection = server.getKeepalive().getConnection();
    SettingsTogether.marginFitsGrace(
        PREFIX + "keepalive.connection.grace-period",
        Optional.ofNullable(connection.getMaxAge())
            .flatMap(age -> Optional.ofNullable(connection.getGracePeriod())),
        handoff);
    if (drain.isPresent()) {
      SettingsTogether.drainFitsShutdown(
          PREFIX + "shutdown.grace-period", server.getShutdown().getGracePeriod(), drain.get());
    }
  }
}
