package io.vachub.handoff;

import io.vachub.call.ServerCustomizer;
import io.vachub.call.ServerSettings;
import io.vachub.handoff.HandoffProperties.SilentClients;
import io.vachub.policy.HandoffSchedule;
import io.vachub.policy.HandoffSchedule.ConnectionAge;
import java.time.Duration;
import java.util.Optional;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

class HandoffConfiguration {

  private static final Duration DEFAULT_HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);

  @Bean
  HandoffSchedules handoffSchedules(HandoffProperties handoff, ServerSettings server) {
    if (!handoff.enabled()) {
      HandoffSchedule never = new HandoffSchedule(Optional.empty(), Optional.empty());
      return new HandoffSchedules(never, never);
    }
    Optional<ConnectionAge> connectionAge = connectionAge(server, handoff.margin());
    HandoffSchedule atAnyAge =
        new HandoffSchedule(
            Optional.of(handoff.maxStreamAge()).filter(age -> !age.isZero()), connectionAge);
    return new HandoffSchedules(
        atAnyAge,
        handoff.silentClients() == SilentClients.MOVE
            ? atAnyAge
            : new HandoffSchedule(Optional.empty(), connectionAge));
  }

  /**
   * Without a maximum age no connection gets a GOAWAY, and without a grace period none is closed by
   * force.
   */
  static Optional<ConnectionAge> connectionAge(ServerSettings server, Duration margin) {
    return server
        .maxConnectionAge()
        .flatMap(
            age ->
                server.maxConnectionAgeGrace().map(grace -> new ConnectionAge(age, grace, margin)));
  }

  @Bean
  ServerCustomizer watchTransports(Environment environment) {
    Duration handshakeTimeout =
        Binder.get(environment)
            .bind("vachub.server.handshake-timeout", Duration.class)
            .orElse(DEFAULT_HANDSHAKE_TIMEOUT);
    return builder ->
        builder
            .addTransportFilter(new ConnectionStart(handshakeTimeout))
            .addStreamTracerFactory(TransportStatus.FACTORY);
  }
}
