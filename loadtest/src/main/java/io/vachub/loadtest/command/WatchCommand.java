package io.vachub.loadtest.command;

import com.google.gson.JsonObject;
import io.vachub.loadtest.counters.CounterSource;
import io.vachub.loadtest.display.FleetDisplay;
import io.vachub.loadtest.report.CsvReport;
import io.vachub.loadtest.report.HtmlReport;
import io.vachub.loadtest.report.WatchJson;
import io.vachub.loadtest.watch.Fleet;
import io.vachub.loadtest.watch.FleetWatch;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code watch NAME:PORT…}: shows running pods, without any load. */
@Command(
    name = "watch",
    description = "Shows the streams of running pods, from their metrics pages, without any load.",
    sortOptions = false,
    showDefaultValues = true,
    mixinStandardHelpOptions = true)
public final class WatchCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "NAME:PORT",
      arity = "1..*",
      converter = Parsed.AsCounterSource.class,
      description =
          "Where the metrics are: every address of the name, looked up each time, with"
              + " /actuator/prometheus or the path after the port; or the URL of one page.")
  private List<CounterSource> sources;

  @Option(
      names = "--interval",
      paramLabel = "TIME",
      defaultValue = "1s",
      converter = Parsed.PositiveDuration.class,
      description = "How often the pods' metrics are read.")
  private Duration interval;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      defaultValue = "0",
      converter = Parsed.AsDuration.class,
      description = "How long to watch; 0: until Ctrl-C.")
  private Duration duration;

  @Mixin private LiveOptions liveOptions;
  @Mixin private ReportFiles files;
  @Mixin private DisplayOptions displayOptions;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    files.requireWritable();
    String target = sources.stream().map(CounterSource::toString).collect(Collectors.joining(", "));
    Instant started = Instant.now();
    FleetWatch watch = FleetWatch.open(sources);
    PrintWriter out = files.screen(spec);
    Optional<LiveOptions.Live> live = liveOptions.open(HtmlReport.Kind.WATCH, out);
    CountDownLatch stop = new CountDownLatch(1);
    try (Interrupt interrupt = new Interrupt(stop::countDown)) {
      FleetDisplay display = displayOptions.ofFleet(out, target, duration);
      long begin = System.nanoTime();
      long end = duration.isZero() ? Long.MAX_VALUE : begin + duration.toNanos();
      long next = begin;
      Fleet fleet = watch.fleet();
      JsonObject report = WatchJson.tree(target, started, fleet);
      boolean over = false;
      while (!over) {
        display.show(fleet);
        if (live.isPresent()) {
          live.get().page().publish(report, watch.series());
        }
        long now = System.nanoTime();
        long leastWait = interval.toNanos() / 2;
        next = Math.max(next + interval.toNanos(), now + leastWait);
        over =
            stop.await(Math.min(next, end) - now, TimeUnit.NANOSECONDS) || System.nanoTime() >= end;
        // What happened within a much shorter time than the others says nothing about a rate.
        if (watch.series().isEmpty() || System.nanoTime() - now >= leastWait) {
          fleet = watch.read();
          report = WatchJson.tree(target, started, fleet);
        }
      }
      display.end();
      if (live.isPresent()) {
        live.get().page().end(report, watch.series());
      }
      FleetDisplay.lines(out).show(fleet);
      JsonObject last = report;
      files.write(
          spec,
          () -> WatchJson.write(last, watch.series()),
          () -> CsvReport.write(watch.series()),
          () -> HtmlReport.write(last, watch.series()));
      interrupt.exitCode(ExitCode.OK);
      return ExitCode.OK;
    } finally {
      live.ifPresent(LiveOptions.Live::close);
    }
  }
}
