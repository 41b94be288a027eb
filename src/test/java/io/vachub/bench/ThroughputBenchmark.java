package io.vachub.bench;

import io.grpc.MethodDescriptor;
import io.vachub.bench.Load.Scenario;
import io.vachub.proto.StreamerGrpc;
import io.vachub.proto.TextRequest;
import io.vachub.proto.TextResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Messages per server CPU second, beside bare grpc-java servers, Spring Boot's own starter and,
 * where there is Go, grpc-go.
 */
final class ThroughputBenchmark {

  private static final long SCENARIO_WARM_UP_MILLIS = 3_000;
  private static final long MILLIS = 6_000;

  private static final List<MethodDescriptor<TextRequest, TextResponse>> METHODS =
      List.of(
          StreamerGrpc.getProcessTextStreamMethod(), StreamerGrpc.getAcknowledgeTextStreamMethod());

  private static final List<Scenario> SCENARIOS =
      METHODS.stream()
          .flatMap(
              method ->
                  Stream.of(
                      new Scenario(method, 1, 40),
                      new Scenario(method, 40, 40),
                      new Scenario(method, 1_000, 40),
                      new Scenario(method, 1, 4_096),
                      new Scenario(method, 40, 4_096),
                      new Scenario(method, 1_000, 4_096)))
          .toList();

  private ThroughputBenchmark() {}

  /**
   * Each time in new processes, for what the compiler makes of the same code differs; the same
   * flags for all that are Java.
   */
  static void run() throws Exception {
    List<String> flags = JvmFlags.ofImage("1g");
    List<Contender> contenders =
        new ArrayList<>(
            List.of(
                Contender.vacHub("vac-hub", flags),
                Contender.bare("ordinary", flags),
                Contender.bare("limit", flags),
                Contender.bootStarter(flags)));
    Contender.go().ifPresent(contenders::add);
    List<Pairs> measured = Pairs.measure(contenders, ThroughputBenchmark::perCpuSecond);
    List<String> titles = new ArrayList<>(List.of("messages per server CPU second", "vac-hub"));
    contenders.stream().skip(1).forEach(peer -> titles.add("× " + peer.name()));
    Pairs.header(titles.toArray(String[]::new));
    for (int i = 0; i < SCENARIOS.size(); i++) {
      List<Object> row = new ArrayList<>(List.of(SCENARIOS.get(i), measured.get(i).median(0)));
      for (int peer = 1; peer < contenders.size(); peer++) {
        row.add(measured.get(i).ratio(0, peer));
      }
      Pairs.row(row.toArray());
    }
  }

  /** In each scenario; NaN from the first on that it did not survive. */
  private static double[] perCpuSecond(Contender contender) throws Exception {
    double[] figures = new double[SCENARIOS.size()];
    Arrays.fill(figures, Double.NaN);
    try (ServerProcess server = ServerProcess.start(contender)) {
      for (MethodDescriptor<TextRequest, TextResponse> method : METHODS) {
        Load.warmUp(method, server.grpcPort());
      }
      for (int i = 0; i < figures.length; i++) {
        Load.run(SCENARIOS.get(i), server.grpcPort(), SCENARIO_WARM_UP_MILLIS);
        long before = server.cpu().toMillis();
        long messages = Load.run(SCENARIOS.get(i), server.grpcPort(), MILLIS);
        figures[i] = messages * 1e3 / (server.cpu().toMillis() - before);
      }
    } catch (IllegalStateException e) {
      System.out.printf("%s failed: %s%n", contender.name(), e.getMessage());
    }
    return figures;
  }
}
