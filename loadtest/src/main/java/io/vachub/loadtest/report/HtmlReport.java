package io.vachub.loadtest.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/** A report as one HTML page that holds all it needs: data, charts and style. */
public final class HtmlReport {

  private static final String CHART_JS = "/META-INF/maven/org.webjars.npm/chart.js/pom.properties";

  private HtmlReport() {}

  /** The whole page for a load. */
  public static String write(Report report) {
    return page("run", JsonReport.writeForHtml(report));
  }

  /** The whole page for simulations. */
  public static String write(SimulationReport report) {
    return page("simulation", SimulationJson.writeForHtml(report));
  }

  private static String page(String kind, String json) {
    return text(kind + ".html")
        .replace("/*STYLE*/", text("page.css"))
        .replace("/*CHARTS*/", charts())
        .replace("/*SCRIPT*/", text("page.js") + text(kind + ".js"))
        .replace("{{REPORT}}", json);
  }

  /** The charting library with its licence notice, but without the map that it has no place for. */
  private static String charts() {
    Properties published = new Properties();
    try (InputStream in = HtmlReport.class.getResourceAsStream(CHART_JS)) {
      published.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String folder =
        "/META-INF/resources/webjars/chart.js/" + published.getProperty("version") + "/dist/";
    return text(folder + "chart.umd.min.js").replaceAll("(?m)^//# sourceMappingURL=.*$", "");
  }

  private static String text(String resource) {
    try (InputStream in = HtmlReport.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
