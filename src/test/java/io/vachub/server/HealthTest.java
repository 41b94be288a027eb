package io.vachub.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.vachub.TestServer;
import io.vachub.TestStream;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;

class HealthTest {

  private static TestServer server;

  @BeforeAll
  static void start() {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static TestStream<HealthCheckRequest, HealthCheckResponse> watch(String service) {
    TestStream<HealthCheckRequest, HealthCheckResponse> watch =
        TestStream.open(server.channel(), HealthGrpc.getWatchMethod());
    return watch.send(HealthCheckRequest.newBuilder().setService(service).build()).halfClose();
  }

  private static ServingStatus check(String service) {
    return HealthGrpc.newBlockingStub(server.channel())
        .check(HealthCheckRequest.newBuilder().setService(service).build())
        .getStatus();
  }

  private static void become(ReadinessState state) {
    AvailabilityChangeEvent.publish(server.context(), state);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "streaming.Streamer"})
  void followsReadinessInCheckAndWatch(String service) {
    TestStream<HealthCheckRequest, HealthCheckResponse> watch = watch(service);
    await().untilAsserted(() -> assertThat(seen(watch)).containsExactly(ServingStatus.SERVING));
    assertThat(check(service)).isEqualTo(ServingStatus.SERVING);
    assertThat(server.get("/actuator/health/readiness").statusCode()).isEqualTo(200);

    become(ReadinessState.REFUSING_TRAFFIC);
    assertThat(check(service)).isEqualTo(ServingStatus.NOT_SERVING);
    assertThat(server.get("/actuator/health/readiness").statusCode()).isEqualTo(503);
    assertThat(server.get("/actuator/health/liveness").statusCode()).isEqualTo(200);

    become(ReadinessState.ACCEPTING_TRAFFIC);
    assertThat(check(service)).isEqualTo(ServingStatus.SERVING);
    await()
        .untilAsserted(
            () ->
                assertThat(seen(watch))
                    .containsExactly(
                        ServingStatus.SERVING, ServingStatus.NOT_SERVING, ServingStatus.SERVING));
    watch.cancel();
  }

  private static List<ServingStatus> seen(
      TestStream<HealthCheckRequest, HealthCheckResponse> watch) {
    return watch.answers().stream().map(HealthCheckResponse::getStatus).toList();
  }

  @Test
  void aServiceThatIsNotServedIsNotFound() {
    TestStream<HealthCheckRequest, HealthCheckResponse> check =
        TestStream.open(server.channel(), HealthGrpc.getCheckMethod());
    check.send(HealthCheckRequest.newBuilder().setService("no.Such").build()).halfClose();

    assertThat(check.end().status().getCode()).isEqualTo(Status.Code.NOT_FOUND);
  }
}
