package io.vachub.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Model.OptionSpec;

class ReadmeTest {

  private static final Path README = Path.of("README.md");

  @ParameterizedTest
  @CsvSource({
    "run, run TARGET",
    "merge, merge REPORT…",
    "compare, compare BEFORE AFTER",
    "watch, watch NAME:PORT…",
    "simulate, simulate"
  })
  void listsTheOptionsAsTheyAre(String command, String heading) throws Exception {
    List<String> options =
        LoadTest.commandLine().getSubcommands().get(command).getCommandSpec().options().stream()
            .filter(option -> !option.usageHelp() && !option.versionHelp())
            .map(ReadmeTest::row)
            .toList();
    List<String> listed =
        Files.readAllLines(README).stream()
            .dropWhile(line -> !line.equals("## `" + heading + "`"))
            .skip(1)
            .takeWhile(line -> !line.startsWith("## "))
            .filter(line -> line.startsWith("| `--"))
            .toList();

    assertThat(listed).containsExactlyInAnyOrderElementsOf(options);
  }

  @Test
  void listsTheExitCodesAsTheyAre() throws Exception {
    List<String> codes =
        LoadTest.commandLine().getCommandSpec().usageMessage().exitCodeList().entrySet().stream()
            .map(code -> "| %s | %s |".formatted(code.getKey().strip(), code.getValue()))
            .toList();

    assertThat(Files.readAllLines(README)).containsAll(codes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", "merge", "compare", "watch", "simulate"})
  void theHelpShowsNoDefaultWhereThereIsNone(String command) {
    assertThat(LoadTest.commandLine().getSubcommands().get(command).getUsageMessage())
        .doesNotContain("Default: []");
  }

  private static String row(OptionSpec option) {
    String names =
        Stream.of(option.names()).map(name -> "`" + name + "`").collect(Collectors.joining(", "));
    String value = option.arity().max() == 0 ? "" : option.paramLabel().replace("|", "\\|");
    String number = option.initialValue() instanceof Integer n ? n.toString() : "";
    String byDefault = option.defaultValue() == null ? number : option.defaultValue();
    return "| %s | %s | %s | %s |"
        .formatted(
            names, value, byDefault, String.join(" ", option.description()).replace("%%", "%"));
  }
}
