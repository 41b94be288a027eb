package io.vachub;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every link of a page to another page, a heading or a file of this repository leads there. */
class LinksTest {

  private static final Pattern LINK = Pattern.compile("]\\((?!https?:)([^)#\\s]*)#?([^)\\s]*)\\)");
  private static final Pattern INLINE_CODE = Pattern.compile("`[^`\n]*`");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

  @ParameterizedTest
  @MethodSource("io.vachub.Pages#all")
  void lead(Path page) {
    assertThat(LINK.matcher(INLINE_CODE.matcher(Pages.prose(page)).replaceAll("")).results())
        .allSatisfy(
            link -> {
              Path to = link.group(1).isEmpty() ? page : page.resolveSibling(link.group(1));
              assertThat(to).as(link.group()).exists();
              if (!link.group(2).isEmpty()) {
                assertThat(anchors(to)).as(link.group()).contains(link.group(2));
              }
            });
  }

  /** What GitHub names its headings. */
  private static Set<String> anchors(Path page) {
    Map<String, Integer> seen = new HashMap<>();
    Set<String> anchors = new HashSet<>();
    for (MatchResult heading : HEADING.matcher(Pages.prose(page)).results().toList()) {
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
}
