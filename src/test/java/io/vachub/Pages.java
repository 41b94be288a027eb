package io.vachub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The Markdown pages of this repository, and what is in them. */
public final class Pages {

  private static final Pattern CODE = Pattern.compile("(?ms)^ *```.*?^ *```$|^    .*?$");
  private static final Pattern SHELL = Pattern.compile("(?ms)^```bash\n(.*?)^```$");
  private static final Pattern INDENTED = Pattern.compile("(?m)^    (.*)$");

  /** Folders of what is built, and of what Node installs. */
  private static final Set<String> NOT_OURS = Set.of("target", "node_modules", ".git");

  private Pages() {}

  /** All of them. */
  public static List<Path> all() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("."))) {
      return files
          .map(Path::normalize)
          .filter(file -> file.toString().endsWith(".md"))
          .filter(Pages::ours)
          .sorted()
          .toList();
    }
  }

  private static boolean ours(Path file) {
    return StreamSupport.stream(file.spliterator(), false)
        .noneMatch(folder -> NOT_OURS.contains(folder.toString()));
  }

  /** A page without its code. */
  public static String prose(Path page) {
    return CODE.matcher(read(page)).replaceAll("");
  }

  /** What a page gives to be pasted into a shell, each block as it is. */
  public static List<String> shell(Path page) {
    return SHELL.matcher(read(page)).results().map(block -> block.group(1)).toList();
  }

  /** The lines of a page's code, commands joined that go on over several. */
  public static Stream<String> commands(Path page) {
    String indented =
        INDENTED
            .matcher(read(page))
            .results()
            .map(line -> line.group(1))
            .collect(Collectors.joining("\n"));
    return Stream.concat(shell(page).stream(), Stream.of(indented))
        .flatMap(code -> code.replaceAll("\\\\\n *", "").lines());
  }

  /** A page as it is. */
  public static String read(Path page) {
    try {
      return Files.readString(page);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
