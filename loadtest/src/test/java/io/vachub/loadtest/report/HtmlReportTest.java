package io.vachub.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.vachub.loadtest.Browser;
import io.vachub.loadtest.command.SimulatedSettings;
import io.vachub.loadtest.simulation.Result;
import io.vachub.loadtest.simulation.Simulation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HtmlReportTest {

  /** Runs in the page: counts canvases, and those of them with a pixel that is not transparent. */
  private static final String COUNT_DRAWN =
      """
      <script>
      const canvases = [...document.querySelectorAll("canvas")];
      const drawn = canvases.filter((c) =>
        c.getContext("2d").getImageData(0, 0, c.width, c.height).data.some((byte) => byte !== 0));
      document.body.dataset.drawn = drawn.length + " of " + canvases.length;
      </script>
      """;

  @TempDir private Path directory;

  private final String html = HtmlReport.write(SampleReport.create());

  @Test
  void needsNothingFromAnywhere() {
    String own =
        html.replaceAll("(?s)<script>\\s*/\\*!\\s*\\* Chart\\.js.*?</script>", "")
            .replaceAll("(?s)<script id=\"report\".*?</script>", "");

    assertThat(own).doesNotContain("http://", "https://", "src=", "href=", "@import", "url(");
    assertThat(html).contains("Released under the MIT License").doesNotContain("sourceMappingURL");
  }

  @Test
  void aPodsNameCannotLeaveTheData() {
    assertThat(html).doesNotContain("<x>").contains("\\u003cx\\u003e");
  }

  @Test
  void drawsEveryChartWithoutAnErrorInARealBrowser() throws Exception {
    assertThat(inARealBrowser(html)).contains("data-drawn=\"7 of 7\"").contains(">1,020<");
  }

  @Test
  void drawsASimulationAndSeveralBesideEachOther() throws Exception {
    Result result = new Simulation(SimulatedSettings.of("--duration=10m")).run(second -> {});
    Map<String, Result> both = new LinkedHashMap<>(Map.of("as given", result));

    assertThat(inARealBrowser(page(both))).contains("data-drawn=\"6 of 6\"", "<th>as given</th>");
    both.put("--other <x>", result);
    assertThat(inARealBrowser(page(both))).contains("data-drawn=\"5 of 5\"", "--other &lt;x&gt;");
  }

  private static String page(Map<String, Result> results) {
    return HtmlReport.write(new SimulationReport("", results, Cost.NONE, List.of()));
  }

  private String inARealBrowser(String html) throws Exception {
    Path page = directory.resolve("report.html");
    Files.writeString(page, html.replace("</body>", COUNT_DRAWN + "</body>"));

    return Browser.dom(directory, page.toUri(), "--virtual-time-budget=5000");
  }
}
