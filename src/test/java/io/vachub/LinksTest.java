package io.vachub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every link of a page to another page, a heading or a file of this repository leads there. */
class LinksTest {

  private static final Pattern FENCED = Pattern.compile("(?ms)^ *```.*?^ *```");
  private static final Pattern LINK = Pattern.compile("]\\((?!https?:)([^)#\\s]*)#?([^)\\s]*)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

  /** Folders of what is built, and of what Node installs. */
  private static final Set<String> NOT_OURS = Set.of("target", "node_modules", ".git");

  @ParameterizedTest
  @MethodSource("pages")
  void lead(Path page) throws IOException {
    assertThat(LINK.matcher(prose(page)).results())
        .allSatisfy(
            link -> {
              Path to = link.group(1).isEmpty() ? page : page.resolveSibling(link.group(1));
              assertThat(to).as(link.group()).exists();
              if (!link.group(2).isEmpty()) {
                assertThat(anchors(to)).as(link.group()).contains(link.group(2));
              }
            });
  }

  static List<Path> pages() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("."))) {
      return files
          .map(Path::normalize)
          .filter(file -> file.toString().endsWith(".md"))
          .filter(file -> NOT_OURS.stream().noneMatch(folder -> contains(file, folder)))
          .toList();
    }
  }

  private static boolean contains(Path file, String folder) {
    for (Path part : file) {
      if (part.toString().equals(folder)) {
        return true;
      }
    }
    return false;
  }

  /** What GitHub names its headings. */
  private static Set<String> anchors(Path page) throws IOException {
    Map<String, Integer> seen = new HashMap<>();
    Set<String> anchors = new HashSet<>();
    for (MatchResult heading : HEADING.matcher(prose(page)).results().toList()) {
      String name =
          heading
              .group(1)
              .strip()
              .toLowerCase(Locale.ROOT)
              .replaceAll("[^\\p{L}\\p{M}\\p{N}_\\- ]", "")
              .replace(' ', '-');
      int count = seen.merge(name, 1, Integer::sum);
      anchors.add(count == 1 ? name : name + "-" + (count - 1));
    }
    return anchors;
  }

  private static String prose(Path page) throws IOException {
    return FENCED.matcher(Files.readString(page)).replaceAll("");
  }
}
