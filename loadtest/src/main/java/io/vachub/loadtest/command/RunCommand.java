package io.vachub.loadtest.command;

import io.grpc.Status;
import io.netty.channel.EventLoop;
import io.vachub.loadtest.connection.Dialer;
import io.vachub.loadtest.connection.EventLoops;
import io.vachub.loadtest.connection.Reachability;
import io.vachub.loadtest.connection.SetupException;
import io.vachub.loadtest.counters.CounterIncrease;
import io.vachub.loadtest.counters.CounterReader;
import io.vachub.loadtest.display.Display;
import io.vachub.loadtest.load.Load;
import io.vachub.loadtest.measure.Meter;
import io.vachub.loadtest.measure.Sample;
import io.vachub.loadtest.measure.Sampler;
import io.vachub.loadtest.measure.StallWatch;
import io.vachub.loadtest.measure.Timing;
import io.vachub.loadtest.report.Cost;
import io.vachub.loadtest.report.Health;
import io.vachub.loadtest.report.HtmlReport;
import io.vachub.loadtest.report.JsonReport;
import io.vachub.loadtest.report.Outcome;
import io.vachub.loadtest.report.Report;
import io.vachub.loadtest.stream.LoadRun;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** {@code run TARGET}: puts a load on a service and reports the result. */
@Command(
    name = "run",
    description = "Loads a service with long streams and reports the result.",
    sortOptions = false,
    showDefaultValues = true,
    mixinStandardHelpOptions = true)
public final class RunCommand implements Callable<Integer> {

  private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final Duration SETTLE_TIMEOUT = Duration.ofSeconds(10);

  @Mixin private ConfigOption configOption;
  @Mixin private TargetOptions targetOptions;
  @Mixin private LoadOptions loadOptions;
  @Mixin private CallOptions callOptions;
  @Mixin private OutputOptions outputOptions;
  @Mixin private AbortOptions abortOptions;
  @Mixin private DisplayOptions displayOptions;
  @Mixin private LiveOptions liveOptions;
  @Mixin private MetricsOptions metricsOptions;

  @Option(
      names = "--threads",
      paramLabel = "N",
      converter = Parsed.PositiveInt.class,
      description =
          "Number of event loop threads; by default one per processor, at most one per"
              + " channel.")
  private Integer threads;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    ParseResult given = spec.commandLine().getParseResult();
    Load asked = loadOptions.load(given);
    callOptions.check(given.hasMatchedOption("--rpc") || given.hasMatchedOption("--message-size"));
    outputOptions.requireWritable();
    Dialer dialer =
        new Dialer(
            targetOptions.target(),
            targetOptions.security(),
            targetOptions.keepalive(),
            targetOptions.maxMessageBytes());
    try (EventLoops loops = new EventLoops(threadsFor(asked))) {
      EventLoop loop = loops.loops().get(0);
      Reachability.check(dialer, loop, targetOptions.connectTimeout());
      CallOptions.Called called =
          callOptions.isStreamer()
              ? loadOptions.streamer(asked, callOptions.headers())
              : callOptions.called(dialer, loop, target());
      Load load = asked.calling(called.rpc());
      LoadRun run = new LoadRun(load, called.plan(), dialer, loops);
      Optional<CounterReader> counters = targetOptions.openCounters();
      PrintWriter out = outputOptions.screen(spec);
      Optional<LiveOptions.Live> live = liveOptions.open(HtmlReport.Kind.RUN, out);
      PrintWriter err = spec.commandLine().getErr();
      try (Interrupt interrupt = new Interrupt(run::stop);
          MetricsOptions.Shown metrics =
              metricsOptions.open(live.map(LiveOptions.Live::server), out, err)) {
        Display display = displayOptions.ofLoad(out, load, target());
        Report report = carryOut(run, load, counters, display, live, metrics);
        int exitCode = outputOptions.finish(report, spec);
        if (live.isPresent()) {
          live.get().page().end(JsonReport.tree(report), report.series());
        }
        interrupt.exitCode(exitCode);
        return exitCode;
      } finally {
        live.ifPresent(LiveOptions.Live::close);
        counters.ifPresent(CounterReader::close);
      }
    }
  }

  private Report carryOut(
      LoadRun run,
      Load load,
      Optional<CounterReader> counters,
      Display display,
      Optional<LiveOptions.Live> live,
      MetricsOptions.Shown metrics)
      throws Exception {
    StallWatch stalls = new StallWatch();
    List<Meter> meters = new ArrayList<>(run.meters());
    meters.add(stalls.meter());
    Sampler sampler = new Sampler(meters);
    final Instant started = Instant.now();
    long start = run.clock().nanos();
    long end = load.duration().isZero() ? Long.MAX_VALUE : start + load.duration().toNanos();
    run.start();
    boolean over = false;
    Optional<Outcome> aborted = Optional.empty();
    for (long tick = start + INTERVAL_NANOS; !over; tick += INTERVAL_NANOS) {
      over = run.awaitStop(Math.min(tick, end) - run.clock().nanos());
      long now = run.clock().nanos();
      over |= now >= end;
      if (!over) {
        stalls.meter().record(Timing.SAMPLER_DELAY, now - tick);
      }
      run.follow((int) seconds(now - start));
      Sample sample = sampler.sample(seconds(now - start), planned(load, now - start));
      display.show(sample, sampler.counts());
      metrics.publish(sample, sampler);
      if (live.isPresent() || abortOptions.areGiven()) {
        Report report = report(run, load, started, seconds(now - start), sampler, Optional.empty());
        live.ifPresent(it -> it.page().publish(JsonReport.tree(report), report.series()));
        aborted = abortOptions.aborted(report);
        over |= aborted.isPresent();
      }
    }
    double lasted = seconds(run.clock().nanos() - start);
    stalls.close();
    run.finish();
    run.awaitDone(SETTLE_TIMEOUT);
    run.close();
    metrics.publish(sampler.sample(seconds(run.clock().nanos() - start), 0), sampler);
    display.end();
    if (run.hopeless().isPresent()) {
      Status status = run.hopeless().get();
      throw new SetupException(
          "%s: does not serve %s: %s: %s"
              .formatted(target(), load.rpc().method(), status.getCode(), status.getDescription()));
    }
    return outputOptions.judged(
        report(run, load, started, lasted, sampler, counters.map(CounterReader::finish)),
        abortOptions.outcomes(aborted));
  }

  private Report report(
      LoadRun run,
      Load load,
      Instant started,
      double lasted,
      Sampler sampler,
      Optional<CounterIncrease> increase) {
    return new Report(
        target(),
        load,
        started,
        lasted,
        sampler.counts(),
        sampler.totals(),
        sampler.series(),
        Cost.ofThisProcess(),
        Health.ofThisProcess(sampler.series(), lasted),
        targetOptions.isUnverified(),
        increase,
        List.of(),
        List.of());
  }

  private static int planned(Load load, long nanos) {
    return load.plannedAfter(Duration.ofNanos(nanos));
  }

  private static double seconds(long nanos) {
    return nanos / 1e9;
  }

  private String target() {
    return targetOptions.target().toString();
  }

  private int threadsFor(Load load) {
    int processors = Runtime.getRuntime().availableProcessors();
    return Math.min(load.totalChannels(), threads == null ? processors : threads);
  }
}
