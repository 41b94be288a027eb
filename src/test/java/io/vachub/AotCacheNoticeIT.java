package io.vachub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/** What the packaged service says of an AOT cache; older JVMs do not know the flag. */
@EnabledForJreRange(min = JRE.JAVA_25)
class AotCacheNoticeIT {

  @TempDir private Path directory;

  @Test
  void startsWithoutACacheThatIsNoneAndSaysSo() throws IOException {
    Path cache = Files.writeString(directory.resolve("none.aot"), "no cache");

    assertThat(logOfAStart("-XX:AOTCache=" + cache))
        .contains("The AOT cache " + cache + " was not used");
  }

  @Test
  void saysNothingWhereNoCacheWasGiven() throws IOException {
    assertThat(logOfAStart("-Xshare:auto")).doesNotContain("AOT cache");
  }

  private String logOfAStart(String flag) throws IOException {
    Path log = directory.resolve("log");
    Process service =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                flag,
                "-jar",
                PackagedJar.path().toString(),
                "--grpc.server.port=0",
                "--server.port=0",
                "--vachub.drain.quiet-period=0s")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> Files.readString(log).contains("Started VacHubApplication"));
      service.destroy();
      service.onExit().join();
      return Files.readString(log);
    } finally {
      service.destroyForcibly();
    }
  }
}
