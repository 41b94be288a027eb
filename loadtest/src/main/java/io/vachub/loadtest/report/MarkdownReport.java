package io.vachub.loadtest.report;

import static io.vachub.loadtest.report.Summary.line;

import io.vachub.loadtest.account.Account;
import io.vachub.loadtest.fleet.SimulatedEnding;
import io.vachub.loadtest.measure.Timing;
import io.vachub.loadtest.simulation.Result;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** A report as Markdown with GitHub's tables, for the page that CI shows of a job. */
public final class MarkdownReport {

  private MarkdownReport() {}

  /** A load: its verdict, its account, its times. */
  public static String write(Report report) {
    StringBuilder text = new StringBuilder();
    List<Check> checks = Check.of(report);
    appendTitle(text, "Load test", checks, report.passed());
    line(
        text,
        "%s on %s: %s, %s msg/s each, %s.",
        code(report.load().rpc().method()),
        code(report.target()),
        Numbers.count(report.load().streams(), "stream"),
        report.load().rate(),
        Numbers.clock(report.seconds()));
    appendChecks(text, checks);
    appendAccount(text, report);
    appendTimings(text, report.timings());
    appendEndings(text, report);
    if (!report.notes().isEmpty()) {
      line(text, "");
      report.notes().forEach(note -> line(text, "- %s", plain(note)));
    }
    return text.toString();
  }

  /** Simulations side by side, and their assertions. */
  public static String write(SimulationReport report) {
    StringBuilder text = new StringBuilder();
    List<Check> checks = Check.of(report.outcomes());
    appendTitle(text, "Simulation", checks, Check.count(checks, Check.State.FAILED) == 0);
    if (!report.options().isEmpty()) {
      line(text, "%s", code(report.options()));
    }
    appendChecks(text, checks);
    line(text, "");
    line(
        text,
        "| | pods | needed | missing pod minutes | spare | max/mean | peak | cut | refused | waiting"
            + " |");
    line(text, "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
    report
        .results()
        .forEach(
            (label, result) ->
                line(text, "| %s | %s |", plain(label), String.join(" | ", figures(result))));
    return text.toString();
  }

  private static List<String> figures(Result result) {
    return List.of(
        Numbers.rate(result.readyPods()),
        Numbers.rate(result.neededPods()),
        Numbers.rate(result.missingPodMinutes()),
        Numbers.rate(result.sparePodMinutes()),
        Numbers.ratio(result.maxOverMean()),
        Numbers.count(result.peak()),
        Numbers.count(result.ended(SimulatedEnding.CUT)),
        Numbers.count(result.refused()),
        SimulationSummary.percent(result.waitingShare()));
  }

  private static void appendTitle(
      StringBuilder text, String title, List<Check> checks, boolean passed) {
    long failed = Check.count(checks, Check.State.FAILED);
    line(text, "## %s %s", passed ? "✅" : "❌", title);
    line(text, "");
    if (!checks.isEmpty()) {
      line(
          text,
          "%s of %s failed.",
          passed ? "None" : Numbers.count(failed),
          Numbers.count(checks.size(), "check"));
      line(text, "");
    }
  }

  /** What failed or is allowed, and every assertion; a flaw that is not there needs no row. */
  private static void appendChecks(StringBuilder text, List<Check> checks) {
    List<Check> shown = checks.stream().filter(check -> !check.sentence().isEmpty()).toList();
    if (shown.isEmpty()) {
      return;
    }
    line(text, "");
    line(text, "| | Check | |");
    line(text, "|---|---|---|");
    for (Check check : shown) {
      String mark =
          switch (check.state()) {
            case PASSED -> "✅";
            case FAILED -> "❌";
            case ALLOWED -> "⚠️ allowed";
          };
      line(text, "| %s | %s | %s |", mark, code(check.name()), plain(check.sentence()));
    }
  }

  private static void appendAccount(StringBuilder text, Report report) {
    Account account = report.counts().account();
    boolean counted = report.counts().counted();
    line(text, "");
    line(
        text,
        "| sent | %s unknown | unsettled | unsent | sent again | msg/s |",
        counted ? "processed | lost | doubled |" : "answered |");
    line(text, "|--:%s|--:|--:|--:|--:|--:|", counted ? "|--:|--:|--:" : "|--:");
    line(
        text,
        "| %s | %s | %s | %s | %s | %s | %s |",
        Numbers.count(account.sent()),
        counted
            ? "%s | %s | %s"
                .formatted(
                    Numbers.count(account.processed()),
                    Numbers.count(account.lost()),
                    Numbers.count(account.doubled()))
            : Numbers.count(account.processed()),
        Numbers.count(account.unknown()),
        Numbers.count(account.unsettled()),
        Numbers.count(report.counts().unsent()),
        Numbers.count(account.resent()),
        Numbers.rate(report.rate()));
  }

  private static void appendTimings(StringBuilder text, Map<Timing, Histogram> timings) {
    line(text, "");
    line(text, "| | p50 | p90 | p99 | p99.9 | max |");
    line(text, "|---|--:|--:|--:|--:|--:|");
    timings.forEach(
        (timing, micros) -> {
          if (micros.getTotalCount() > 0) {
            line(
                text,
                "| %s | %s | %s | %s | %s | %s |",
                timing.title(),
                Numbers.percentile(micros, 50),
                Numbers.percentile(micros, 90),
                Numbers.percentile(micros, 99),
                Numbers.percentile(micros, 99.9),
                Numbers.percentile(micros, 100));
          }
        });
  }

  private static void appendEndings(StringBuilder text, Report report) {
    line(text, "");
    line(text, "| Streams | |");
    line(text, "|---|--:|");
    line(text, "| opened | %s |", Numbers.count(report.counts().opened()));
    new TreeMap<>(report.counts().causes())
        .forEach(
            (cause, count) ->
                line(text, "| %s | %s |", plain(cause.title()), Numbers.count(count)));
    line(text, "| pods at the end | %s |", Numbers.count(report.pods()));
    line(text, "| max/mean at the end | %s |", Numbers.ratio(report.maxOverMean()));
  }

  private static String code(String text) {
    return "`" + text.replace('`', '\'').replace("|", "\\|") + "`";
  }

  /** Escapes what would be Markdown in a server's text. */
  private static String plain(String text) {
    return text.replaceAll("[\\\\`*_\\[\\]<>|#~]", "\\\\$0").replaceAll("\\s+", " ");
  }
}
