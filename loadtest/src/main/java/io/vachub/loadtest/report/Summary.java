package io.vachub.loadtest.report;

import io.vachub.loadtest.account.Account;
import io.vachub.loadtest.measure.Counts;
import io.vachub.loadtest.measure.Meter;
import io.vachub.loadtest.measure.Timing;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** A report as text for people, on some thirty lines. */
public final class Summary {

  private Summary() {}

  /** The text; each line ends in a line feed. */
  public static String write(Report report) {
    StringBuilder text = new StringBuilder();
    line(
        text,
        "%s on %s: %s, %s msg/s each, %s",
        report.load().rpc().method(),
        report.target(),
        Numbers.count(report.load().streams(), "stream"),
        report.load().rate(),
        Numbers.clock(report.seconds()));
    appendAccount(text, report);
    appendTimings(text, report);
    appendEndings(text, report.counts());
    appendOutcomes(text, report);
    return text.toString();
  }

  private static void appendAccount(StringBuilder text, Report report) {
    Account account = report.counts().account();
    line(text, "");
    line(text, "messages   sent       %15s   %s msg/s", n(account.sent()), rate(report));
    if (report.counts().counted()) {
      line(text, "           processed  %15s", n(account.processed()));
      line(text, "           lost       %15s", n(account.lost()));
      line(text, "           doubled    %15s", n(account.doubled()));
    } else {
      line(text, "           answered   %15s   nobody counts", n(account.processed()));
    }
    line(
        text,
        "           unknown    %15s%s",
        n(account.unknown()),
        account.unknown() == 0 ? "" : "   on cut streams, processed or not");
    line(
        text,
        "           unsettled  %15s%s",
        n(account.unsettled()),
        account.unsettled() == 0 ? "" : "   on streams given up at the end");
    line(
        text,
        "           unsent     %15s%s",
        n(report.counts().unsent()),
        report.counts().unsent() == 0 ? "" : "   due and never left; in no lateness");
    line(text, "           sent again %15s", n(account.resent()));
    report
        .increase()
        .ifPresent(
            increase ->
                line(
                    text,
                    "           counters   %15s   on %s, %s",
                    n(increase.total()),
                    Numbers.count(increase.pages().size(), "metrics page"),
                    increase.counter()));
    if (report.load().rate().paced()) {
      line(
          text,
          "           late       %15s   by more than %d ms (uncorrected: %s)",
          n(report.counts().late()),
          Meter.LATE_NANOS / 1_000_000,
          n(report.counts().uncorrectedLate()));
    }
  }

  private static void appendTimings(StringBuilder text, Report report) {
    line(text, "");
    line(
        text,
        "%-20s %9s %9s %9s %9s %9s %9s",
        "milliseconds",
        "p50",
        "p90",
        "p99",
        "p99.9",
        "p99.99",
        "max");
    for (Map.Entry<Timing, Histogram> timing : report.timings().entrySet()) {
      Histogram micros = timing.getValue();
      if (micros.getTotalCount() > 0) {
        line(
            text,
            "%-20s %9s %9s %9s %9s %9s %9s",
            timing.getKey().title(),
            ms(micros, 50),
            ms(micros, 90),
            ms(micros, 99),
            ms(micros, 99.9),
            ms(micros, 99.99),
            ms(micros, 100));
      }
    }
  }

  private static void appendEndings(StringBuilder text, Counts counts) {
    line(text, "");
    line(text, "streams    opened     %15s", n(counts.opened()));
    if (counts.neverOpened() > 0) {
      line(text, "           never opened %13s", n(counts.neverOpened()));
    }
    if (counts.unsettledStreams() > 0) {
      line(text, "           given up   %15s", n(counts.unsettledStreams()));
    }
    new TreeMap<>(counts.causes())
        .forEach(
            (cause, count) -> {
              line(text, "           %-26s", cause.title() + "  " + n(count));
              counts
                  .texts()
                  .getOrDefault(cause, Map.of())
                  .forEach((said, n) -> line(text, "             %s  %s", n(n), said));
            });
  }

  private static void appendOutcomes(StringBuilder text, Report report) {
    line(
        text,
        "           on %s at the end, max/mean %s (average %s)",
        Numbers.count(report.pods(), "pod"),
        Numbers.ratio(report.maxOverMean()),
        Numbers.ratio(report.averageMaxOverMean()));
    line(
        text,
        "itself     %s CPU seconds, %s messages per CPU second, at most %s MiB",
        Numbers.rate(report.cost().cpuSeconds()),
        n(Math.round(report.messagesPerCpuSecond())),
        n(report.cost().peakMemoryMib()));
    line(
        text,
        "           busiest event loop %.0f %% busy, %s of %.1f s",
        report.health().busiestLoop() * 100,
        Numbers.count(report.health().gcCount(), "garbage collection"),
        report.health().gcSeconds());
    report.notes().forEach(note -> line(text, "note       %s", note));
    appendOutcomes(text, report.outcomes());
    for (Finding finding : report.findings()) {
      line(
          text,
          "verdict    %s  %s: %s",
          finding.allowed() ? "allowed" : "FAILED",
          finding.flaw().key(),
          finding.sentence());
    }
  }

  /** A line for each assertion: whether it holds, and what was found. */
  static void appendOutcomes(StringBuilder text, List<Outcome> outcomes) {
    for (Outcome outcome : outcomes) {
      line(
          text,
          "assert     %s  %s: %s",
          outcome.passed() ? "ok    " : "FAILED",
          outcome.assertion(),
          outcome.message());
    }
  }

  private static String rate(Report report) {
    return Numbers.rate(report.rate());
  }

  private static String n(long count) {
    return Numbers.count(count);
  }

  private static String ms(Histogram micros, double percentile) {
    return Numbers.percentile(micros, percentile).replace(" ms", "");
  }

  /** A line of a summary; numbers are written alike wherever it is read. */
  static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(java.util.Locale.ROOT, format, values)).append('\n');
  }
}
