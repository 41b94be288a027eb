package io.vachub.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import io.vachub.Pages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The chart can be rendered as each {@code helm} command of the pages asks for it. */
class CommandsTest {

  private static final Pattern INSTALL =
      Pattern.compile("helm (install|upgrade) .*(helm|charts)/vac-hub .*");
  private static final Pattern WRITTEN_FILE =
      Pattern.compile("(?ms)^cat > (\\S+) <<YAML\n(.*?)^YAML$");

  @TempDir private Path directory;

  private record InstallCommand(Path page, String line) {

    static Stream<InstallCommand> of(Path page) {
      return Pages.commands(page)
          .filter(line -> INSTALL.matcher(line).matches())
          .map(line -> new InstallCommand(page, line));
    }
  }

  static List<InstallCommand> commands() throws IOException {
    return Pages.all().stream().flatMap(InstallCommand::of).toList();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void renders(InstallCommand command) throws IOException {
    TemplateCommand template =
        new Helm(Manifests.CHART)
            .template()
            .withName("vac-hub")
            .withNamespace("vac-hub")
            .withKubeVersion(Manifests.KUBERNETES);
    Iterator<String> words = List.of(command.line().split(" +")).iterator();
    while (words.hasNext()) {
      switch (words.next()) {
        case "-f" -> template.withValuesFile(values(command.page(), words.next()));
        case "--set" -> {
          String[] value = words.next().split("=", 2);
          template.set(value[0], withoutVariables(value[1]));
        }
        default -> {}
      }
    }

    assertThat(template.call()).contains("kind: Deployment");
  }

  /** A file of this repository, or one that the page has written before. */
  private Path values(Path page, String file) throws IOException {
    if (file.startsWith("helm/")) {
      return Path.of(file).toAbsolutePath();
    }
    MatchResult written =
        WRITTEN_FILE
            .matcher(Pages.read(page))
            .results()
            .filter(match -> match.group(1).equals(file))
            .findAny()
            .orElseThrow(() -> new AssertionError(page + " does not write " + file));
    return Files.writeString(directory.resolve(file), withoutVariables(written.group(2)));
  }

  private static String withoutVariables(String text) {
    return text.replaceAll("\\$[A-Z_]+", "example");
  }
}
