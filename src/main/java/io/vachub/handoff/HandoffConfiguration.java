package io.vachub.handoff;

import io.vachub.call.CallTransport;
import io.vachub.call.ServerCustomizer;
import io.vachub.call.ServerSettings;
import io.vachub.handoff.HandoffProperties.SilentClients;
import io.vachub.policy.HandoffSchedule;
import io.vachub.policy.HandoffSchedule.ConnectionAge;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;

class HandoffConfiguration {

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
  ServerCustomizer watchTransports(
      HandshakeProperties properties, ObjectProvider<CallTransport.Factory> transports) {
    Duration timeout = properties.handshakeTimeout();
    return builder -> {
      builder
          .handshakeTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS)
          .addTransportFilter(new ConnectionStart(timeout));
      if (transports.getIfAvailable() == null) {
        builder.addStreamTracerFactory(new CallTransport.Factory());
      }
    };
  }
}
