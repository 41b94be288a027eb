package io.vachub.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.vachub.Pages;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The Korean guide says what the English one says: heading by heading, row by row. */
class KoreanGuideTest {

  private static final Path ENGLISH = Manifests.CHART.resolve("GUIDE.md");
  private static final Path KOREAN = Manifests.CHART.resolve("GUIDE.ko.md");

  private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```$");
  private static final Pattern COMMENT = Pattern.compile("(?m) +# .*$");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+");
  private static final Pattern ROW = Pattern.compile("(?m)^\\|.*\\|$");
  private static final Pattern NAME = Pattern.compile("`[^`]+`");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^#)]+)");

  @Test
  void givesTheSameCommands() {
    assertThat(code(KOREAN)).isEqualTo(code(ENGLISH)).isNotEmpty();
  }

  @Test
  void hasTheSameHeadings() {
    assertThat(all(HEADING, KOREAN)).isEqualTo(all(HEADING, ENGLISH)).isNotEmpty();
  }

  @Test
  void hasTheSameTables() {
    assertThat(rows(KOREAN)).isEqualTo(rows(ENGLISH)).isNotEmpty();
  }

  @Test
  void marksWhatNeedsACloudAsOften() {
    assertThat(all(Pattern.compile("☁"), KOREAN)).isEqualTo(all(Pattern.compile("☁"), ENGLISH));
  }

  @Test
  void namesTheSameThings() {
    assertThat(all(NAME, KOREAN)).containsExactlyInAnyOrderElementsOf(all(NAME, ENGLISH));
  }

  private static List<String> code(Path guide) {
    return FENCED
        .matcher(Pages.read(guide))
        .results()
        .map(block -> COMMENT.matcher(block.group()).replaceAll(""))
        .toList();
  }

  /** Of each row: how many cells it has, and what it names and links to. */
  private static List<String> rows(Path guide) {
    return ROW.matcher(Pages.prose(guide))
        .results()
        .map(MatchResult::group)
        .map(row -> row.split("\\|").length + " " + sorted(NAME, row) + sorted(LINK, row))
        .toList();
  }

  private static List<String> sorted(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(MatchResult::group).sorted().toList();
  }

  private static List<String> all(Pattern pattern, Path guide) {
    return pattern.matcher(Pages.prose(guide)).results().map(MatchResult::group).toList();
  }
}
