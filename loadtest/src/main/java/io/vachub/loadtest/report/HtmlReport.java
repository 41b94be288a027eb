package io.vachub.loadtest.report;

import com.google.gson.JsonObject;
import io.vachub.loadtest.measure.Sample;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Properties;

/** A report as one self-contained HTML page: data, charts and style. */
public final class HtmlReport {

  private static final String CHART_JS = "/META-INF/maven/org.webjars.npm/chart.js/pom.properties";

  private HtmlReport() {}

  /** What a page shows. */
  public enum Kind {
    /** A load. */
    RUN,
    /** A watched fleet. */
    WATCH,
    /** Simulations. */
    SIMULATION
  }

  /** The whole page for a load. */
  public static String write(Report report) {
    return write(Kind.RUN, JsonReport.writeForHtml(report));
  }

  /** The whole page for simulations. */
  public static String write(SimulationReport report) {
    return write(Kind.SIMULATION, SimulationJson.writeForHtml(report));
  }

  /** The whole page for a watched fleet and its series. */
  public static String write(JsonObject fleet, List<Sample> series) {
    return write(Kind.WATCH, WatchJson.writeForHtml(fleet, series));
  }

  /** The whole page for a report as JSON, which is safe to put between HTML tags. */
  public static String write(Kind kind, String json) {
    String name = kind.name().toLowerCase(Locale.ROOT);
    return text("page.html")
        .replace("<!--TABLES-->", text(name + ".html"))
        .replace("/*STYLE*/", text("page.css"))
        .replace("/*CHARTS*/", charts())
        .replace("/*SCRIPT*/", text("page.js") + text(name + ".js"))
        .replace("{{REPORT}}", json);
  }

  /** The charting library with its licence notice, but without the reference to its source map. */
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
