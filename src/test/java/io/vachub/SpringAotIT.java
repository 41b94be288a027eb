package io.vachub;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged service on the beans that Spring decided on in the build, as in the image. */
class SpringAotIT {

  private static final String SPRING_AOT = "-Dspring.aot.enabled=true";

  @TempDir private Path directory;

  @Test
  void startsWithItsDefaults() throws Exception {
    try (StartedJar service = StartedJar.start(directory, SPRING_AOT).awaitStart()) {
      assertThat(service.log()).contains("Starting AOT-processed VacHubApplication");
      assertThat(service.get("/actuator/prometheus")).isEqualTo(200);
      assertThat(service.get("/actuator/loggers")).isEqualTo(404);
      assertThat(reflection(service)).isEqualTo(Status.Code.OK);
    }
  }

  @Test
  void theStartStillDecidesWhatIsServedAndLogged() throws Exception {
    try (StartedJar service =
        StartedJar.start(
                directory,
                SPRING_AOT,
                "grpc.server.reflection-service-enabled=false",
                "management.endpoints.web.exposure.include=loggers",
                "spring.profiles.active=json-logs")
            .awaitStart()) {
      assertThat(service.get("/actuator/prometheus")).isEqualTo(404);
      assertThat(service.get("/actuator/loggers")).isEqualTo(200);
      assertThat(reflection(service)).isEqualTo(Status.Code.UNIMPLEMENTED);
      assertThat(service.terminate().lines())
          .isNotEmpty()
          .allMatch(line -> line.startsWith("{\"time\":"));
    }
  }

  @Test
  void stopsAtASettingThatCannotWork() throws Exception {
    try (StartedJar service =
        StartedJar.start(directory, SPRING_AOT, "grpc.server.max-connection-age-grace=3s")) {
      assertThat(service.exitCode()).isEqualTo(1);
      assertThat(service.log())
          .contains(
              "grpc.server.max-connection-age-grace: 3s"
                  + " (expected: more than vachub.handoff.margin, 5s)")
          .doesNotContain("\tat ");
    }
  }

  private static Status.Code reflection(StartedJar service) throws IOException {
    ManagedChannel channel = service.channel();
    try {
      return ReflectionClient.listServices(channel).getCode();
    } finally {
      channel.shutdownNow();
    }
  }
}
