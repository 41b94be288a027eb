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
import java.util.regex.Pattern;
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
    assertThat(inARealBrowser(page(both))).contains("data-drawn=\"7 of 7\"", "--other &lt;x&gt;");
  }

  @Test
  void theOneThatIsChosenIsShownAndOthersStandAsideOfACrowd() throws Exception {
    Map<String, Result> results = new LinkedHashMap<>();
    for (String options : List.of("on", "off")) {
      for (String age : List.of("5m", "10m")) {
        results.put(
            options + " " + age,
            new Simulation(
                    SimulatedSettings.of(
                        "--duration=10m", "--rebalance=" + options, "--max-stream-age=" + age))
                .run(second -> {}));
      }
    }
    String chosen =
        page(results)
            .replace(
                "start();\n</script>",
                "start();\ndocument.querySelectorAll('#results button')[3].click();\n</script>");

    String dom = inARealBrowser(chosen);

    assertThat(dom)
        .contains("shown: off 10m", "<small>+", "★ ")
        .containsPattern("aria-pressed=\"true\">off 10m</button></th>")
        .containsPattern("aria-pressed=\"false\">on 10m</button></th>");
    assertThat(legend(dom, "Fullest pod ÷ mean"))
        .containsExactly("on 5m true", "on 10m false", "off 5m false", "off 10m true");
  }

  /** The lines of a chart, and whether each is drawn. */
  private static List<String> legend(String dom, String chart) {
    String article = dom.substring(dom.indexOf("<h2>" + chart + "</h2>"));
    return Pattern.compile("aria-pressed=\"(\\w+)\"[^>]*>([^<]+)</button>")
        .matcher(article.substring(0, article.indexOf("</article>")))
        .results()
        .map(line -> line.group(2) + " " + line.group(1))
        .toList();
  }

  @Test
  void aPhoneScrollsNothingSideways() throws Exception {
    String measured =
        html.replace(
            "</body>",
            "<script>document.body.dataset.over = [...document.querySelectorAll('body *')]"
                + ".filter((it) => !it.closest('.scroll') && it.getBoundingClientRect().right"
                + " > innerWidth + 0.5).length;</script></body>");
    Path page = directory.resolve("phone.html");
    Files.writeString(
        page,
        "<iframe width=390 height=4000 style='border:0' srcdoc=\""
            + measured.replace("&", "&amp;").replace("\"", "&quot;")
            + "\" onload=\"document.body.dataset.over ="
            + " this.contentDocument.body.dataset.over\"></iframe>");

    assertThat(Browser.dom(directory, page.toUri(), "--virtual-time-budget=5000"))
        .contains("data-over=\"0\"");
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
