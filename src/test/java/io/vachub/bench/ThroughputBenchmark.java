package io.vachub.bench;

import io.vachub.bench.Load.Scenario;
import io.vachub.proto.StreamerGrpc;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Messages per server CPU second, beside the two bare servers in the same run: in turns, so that
 * what else the machine does falls on all.
 */
final class ThroughputBenchmark {

  private static final int PAIRS = Integer.getInteger("bench.pairs", 7);
  private static final long MILLIS = Integer.getInteger("bench.millis", 2_000);

  private static final List<Scenario> SCENARIOS =
      List.of(
          new Scenario(StreamerGrpc.getProcessTextStreamMethod(), 1, 40),
          new Scenario(StreamerGrpc.getProcessTextStreamMethod(), 40, 40),
          new Scenario(StreamerGrpc.getProcessTextStreamMethod(), 1_000, 40),
          new Scenario(StreamerGrpc.getProcessTextStreamMethod(), 40, 4_096),
          new Scenario(StreamerGrpc.getAcknowledgeTextStreamMethod(), 1, 40),
          new Scenario(StreamerGrpc.getAcknowledgeTextStreamMethod(), 40, 40),
          new Scenario(StreamerGrpc.getAcknowledgeTextStreamMethod(), 1_000, 40),
          new Scenario(StreamerGrpc.getAcknowledgeTextStreamMethod(), 40, 4_096));

  private ThroughputBenchmark() {}

  public static void main(String[] args) throws Exception {
    try (ServerProcess vacHub = ServerProcess.vacHub("--logging.level.root=WARN");
        ServerProcess ordinary = ServerProcess.bare("ordinary");
        ServerProcess limit = ServerProcess.bare("limit")) {
      List<ServerProcess> servers = List.of(vacHub, ordinary, limit);
      System.out.println("| scenario | messages per CPU second | × ordinary | × limit |");
      System.out.println("|---|---|---|---|");
      for (Scenario scenario : SCENARIOS) {
        measure(scenario, servers);
      }
    }
    System.exit(0);
  }

  private static void measure(Scenario scenario, List<ServerProcess> servers) throws Exception {
    for (ServerProcess server : servers) {
      Load.run(scenario, server.port(), 2 * MILLIS);
    }
    double[][] rates = new double[servers.size()][PAIRS];
    for (int pair = 0; pair < PAIRS; pair++) {
      for (int i = 0; i < servers.size(); i++) {
        rates[i][pair] = perCpuSecond(scenario, servers.get(i));
      }
    }
    System.out.printf(
        "| %s | %,.0f | %s | %s |%n",
        scenario, median(rates[0]), ratios(rates[0], rates[1]), ratios(rates[0], rates[2]));
  }

  private static double perCpuSecond(Scenario scenario, ServerProcess server) throws Exception {
    long before = server.cpu().toMillis();
    long messages = Load.run(scenario, server.port(), MILLIS);
    return messages * 1_000.0 / (server.cpu().toMillis() - before);
  }

  /** The median of the pairs' ratios, and the lowest and the highest. */
  private static String ratios(double[] ours, double[] theirs) {
    double[] ratios = new double[PAIRS];
    Arrays.setAll(ratios, i -> ours[i] / theirs[i]);
    return "%.2f (%.2f–%.2f)"
        .formatted(
            median(ratios),
            DoubleStream.of(ratios).min().orElseThrow(),
            DoubleStream.of(ratios).max().orElseThrow());
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
