package io.vachub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What comes from elsewhere is named so that nobody can put something else in its place. */
class PinnedTest {

  private static final Pattern ACTION = Pattern.compile("uses: (\\S+)");
  private static final Pattern RAW =
      Pattern.compile("raw\\.githubusercontent\\.com/[^/]+/[^/]+/([^/]+)/");

  @ParameterizedTest
  @ValueSource(strings = {"pom.xml", "loadtest/pom.xml"})
  void theBaseImageIsADigest(String pom) throws IOException {
    assertThat(Files.readString(Path.of(pom)))
        .containsPattern("<image>eclipse-temurin:25-jre@sha256:[0-9a-f]{64}</image>");
  }

  @Test
  void actionsAreCommits() throws IOException {
    try (Stream<Path> workflows = Files.list(Path.of(".github/workflows"))) {
      for (Path workflow : workflows.toList()) {
        assertThat(ACTION.matcher(Files.readString(workflow)).results().map(this::first))
            .as(workflow.toString())
            .isNotEmpty()
            .allMatch(action -> action.matches("[\\w./-]+@[0-9a-f]{40}"));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.vachub.Pages#all")
  void whatAPageAppliesIsACommitOrARelease(Path page) {
    List<String> commands = Pages.commands(page).toList();
    assertThat(commands.stream().flatMap(line -> RAW.matcher(line).results()).map(this::first))
        .allMatch(version -> version.matches("[0-9a-f]{40}|v\\d[\\w.-]*"));
  }

  private String first(MatchResult match) {
    return match.group(1);
  }

  @Test
  void theJarSaysWhatItIsMadeOf() throws IOException {
    try (InputStream bom = getClass().getResourceAsStream("/META-INF/sbom/application.cdx.json")) {
      JsonNode sbom = JsonMapper.shared().readTree(bom);
      assertThat(sbom.get("bomFormat").asString()).isEqualTo("CycloneDX");
      assertThat(sbom.get("components").findValuesAsString("name"))
          .contains("grpc-netty-shaded", "spring-boot", "tomcat-embed-core");
    }
  }
}
