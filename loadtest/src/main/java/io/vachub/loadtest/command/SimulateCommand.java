package io.vachub.loadtest.command;

import io.vachub.loadtest.assertion.Assertion;
import io.vachub.loadtest.display.Progress;
import io.vachub.loadtest.display.Terminal;
import io.vachub.loadtest.report.Cost;
import io.vachub.loadtest.report.HtmlReport;
import io.vachub.loadtest.report.JunitReport;
import io.vachub.loadtest.report.MarkdownReport;
import io.vachub.loadtest.report.Outcome;
import io.vachub.loadtest.report.SimulationCsv;
import io.vachub.loadtest.report.SimulationJson;
import io.vachub.loadtest.report.SimulationReport;
import io.vachub.loadtest.report.SimulationSummary;
import io.vachub.loadtest.simulation.Result;
import io.vachub.loadtest.simulation.Settings;
import io.vachub.loadtest.simulation.Simulation;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code simulate}: simulates a load on any number of pods. */
@Command(
    name = "simulate",
    description = "Simulates a load on any number of pods, in simulated time.",
    sortOptions = false,
    showDefaultValues = true,
    abbreviateSynopsis = true,
    mixinStandardHelpOptions = true)
public final class SimulateCommand implements Callable<Integer> {

  @Mixin private ConfigOption configOption;
  @Mixin private SimulationOptions simulationOptions;

  @Option(
      names = "--compare",
      paramLabel = "OPTIONS",
      showDefaultValue = Visibility.NEVER,
      description =
          "Also simulates with these options and shows the results side by side:"
              + " --compare '--rebalance off'. May be repeated.")
  private List<String> compared = new ArrayList<>();

  @Option(
      names = "--vary",
      paramLabel = "NAME=A,B",
      showDefaultValue = Visibility.NEVER,
      description =
          "Simulates with each of these values of an option, on all processors: --vary"
              + " target=10,15,20. If repeated, simulates each combination.")
  private List<String> varied = new ArrayList<>();

  @Mixin private ReportFiles files;
  @Mixin private CiFiles ciFiles;

  @Option(
      names = "--assert",
      paramLabel = "NAME<LIMIT",
      showDefaultValue = Visibility.NEVER,
      converter = Parsed.AsSimulationAssertion.class,
      description =
          "Fails with exit code 3 unless this is true for every simulation, for example"
              + " max_over_mean<1.2 or slowest_even<90s. May be repeated.")
  private List<Assertion<Result>> assertions = new ArrayList<>();

  @Option(names = "--quiet", description = "Shows no progress.")
  private boolean quiet;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    files.requireWritable();
    ciFiles.requireWritable();
    Variants asked = new Variants(spec.commandLine());
    Map<String, Settings> variants = asked.all(compared, varied);
    PrintWriter out = files.screen(spec);
    double total =
        variants.values().stream().mapToDouble(it -> it.load().duration().toSeconds()).sum();
    Progress progress = new Progress(out, Terminal.isInteractive(), quiet, total);
    Map<String, Result> results = run(variants, progress);
    progress.end();
    return finish(
        new SimulationReport(asked.given(), results, Cost.ofThisProcess(), judge(results)));
  }

  private List<Outcome> judge(Map<String, Result> results) {
    List<Outcome> outcomes = new ArrayList<>();
    results.forEach(
        (label, result) -> {
          for (Assertion<Result> assertion : assertions) {
            Outcome outcome = assertion.judge(result);
            String name =
                results.size() == 1 ? outcome.assertion() : outcome.assertion() + ", " + label;
            outcomes.add(new Outcome(name, outcome.passed(), outcome.message()));
          }
        });
    return outcomes;
  }

  private int finish(SimulationReport report) throws IOException {
    PrintWriter out = files.screen(spec);
    out.print(SimulationSummary.write(report));
    out.flush();
    files.write(
        spec,
        () -> SimulationJson.write(report),
        () -> SimulationCsv.write(report),
        () -> HtmlReport.write(report));
    ciFiles.write(() -> JunitReport.write(report), () -> MarkdownReport.write(report));
    return OutputOptions.sayFailed(report.outcomes(), spec.commandLine().getErr());
  }

  private static Map<String, Result> run(Map<String, Settings> variants, Progress progress)
      throws Exception {
    int threads = Math.min(variants.size(), Runtime.getRuntime().availableProcessors());
    ExecutorService processors = Executors.newFixedThreadPool(threads);
    try {
      Map<String, Future<Result>> running = new LinkedHashMap<>();
      variants.forEach(
          (label, settings) ->
              running.put(
                  label,
                  processors.submit(
                      () -> new Simulation(settings).run(second -> progress.add(1)))));
      Map<String, Result> results = new LinkedHashMap<>();
      for (Map.Entry<String, Future<Result>> one : running.entrySet()) {
        results.put(one.getKey(), one.getValue().get());
      }
      return results;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } finally {
      processors.shutdownNow();
    }
  }
}
