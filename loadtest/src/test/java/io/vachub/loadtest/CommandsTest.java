package io.vachub.loadtest;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The load tester understands each command that the pages of this repository give for it. */
class CommandsTest {

  private static final Path REPOSITORY = Path.of("..");
  private static final Pattern COMMAND =
      Pattern.compile(
          "(?m)^ *(?:kubectl .*\\| *)?java -jar loadtest/target/vac-hub-loadtest.jar (.*?)(?: &)?$");
  private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

  @TempDir private Path directory;

  @ParameterizedTest
  @MethodSource("commands")
  void areUnderstood(String command) throws IOException {
    Path curve =
        Files.writeString(directory.resolve("curve.csv"), "second,planned_streams\n0,30\n");
    Path config =
        Files.writeString(directory.resolve("load.yaml"), "target: 127.0.0.1:50051\nrate: 5\n");
    String[] words =
        WORD.matcher(
                command
                    .replaceAll("--curve \\S+", "--curve " + curve)
                    .replaceAll("--config \\S+", "--config " + config)
                    .replaceAll(" (2>|\\||&).*", ""))
            .results()
            .map(word -> word.group(1) == null ? word.group(2) : word.group(1))
            .toArray(String[]::new);

    assertThatCode(() -> LoadTest.commandLine().parseArgs(words)).doesNotThrowAnyException();
  }

  static List<String> commands() throws IOException {
    try (Stream<Path> files = Files.walk(REPOSITORY)) {
      return files
          .filter(file -> file.toString().endsWith(".md"))
          .filter(file -> !file.toString().contains("node_modules"))
          .flatMap(CommandsTest::commands)
          .toList();
    }
  }

  private static Stream<String> commands(Path page) {
    try {
      Matcher commands = COMMAND.matcher(Files.readString(page).replaceAll("\\\\\n *", ""));
      return commands.results().map(command -> command.group(1)).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
