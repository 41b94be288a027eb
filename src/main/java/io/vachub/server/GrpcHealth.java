package io.vachub.server;

import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import io.vachub.call.ApplicationCalls;
import io.vachub.call.ServerStarted;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.event.EventListener;

/**
 * Lets {@code grpc.health.v1.Health} follow the application's readiness, for the server as a whole
 * ("") and for each of its services, as {@code /actuator/health/readiness} does.
 */
class GrpcHealth {

  private final HealthStatusManager health;
  private final List<String> services =
      new ArrayList<>(List.of(HealthStatusManager.SERVICE_NAME_ALL_SERVICES));
  private ServingStatus status = ServingStatus.NOT_SERVING;

  GrpcHealth(HealthStatusManager health) {
    this.health = health;
    publish();
  }

  @EventListener
  synchronized void serverStarted(ServerStarted event) {
    Server server = event.server();
    server.getServices().stream()
        .map(service -> service.getServiceDescriptor().getName())
        .filter(ApplicationCalls::includeService)
        .forEach(services::add);
    publish();
  }

  @EventListener
  synchronized void readinessChanged(AvailabilityChangeEvent<ReadinessState> event) {
    status =
        event.getState() == ReadinessState.ACCEPTING_TRAFFIC
            ? ServingStatus.SERVING
            : ServingStatus.NOT_SERVING;
    publish();
  }

  /** NOT_SERVING from now on, whatever the readiness: the pod is going. */
  void enterTerminalState() {
    health.enterTerminalState();
  }

  private void publish() {
    services.forEach(service -> health.setStatus(service, status));
  }
}
