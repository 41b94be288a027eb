package io.vachub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/** What the packaged service says of an AOT cache; older JVMs do not know the flag. */
@EnabledForJreRange(min = JRE.JAVA_25)
class AotCacheNoticeIT {

  @TempDir private Path directory;

  @Test
  void startsWithoutACacheThatIsNoneAndSaysSo() throws Exception {
    Path cache = Files.writeString(directory.resolve("none.aot"), "no cache");

    assertThat(logOfAStart("-XX:AOTCache=" + cache))
        .contains("The AOT cache " + cache + " was not used");
  }

  @Test
  void saysNothingWhereNoCacheWasGiven() throws Exception {
    assertThat(logOfAStart("-Xshare:auto")).doesNotContain("AOT cache");
  }

  private String logOfAStart(String flag) throws IOException, InterruptedException {
    try (StartedJar service = StartedJar.start(directory, flag)) {
      return service.awaitStart().terminate();
    }
  }
}
