package io.vachub.bench;

import io.grpc.MethodDescriptor;
import io.vachub.bench.Load.Scenario;
import io.vachub.proto.StreamerGrpc;
import io.vachub.proto.TextRequest;
import io.vachub.proto.TextResponse;
import java.util.List;
import java.util.stream.Stream;

/** Messages per server CPU second, beside bare grpc-java servers and Spring Boot's own starter. */
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
   * flags for all.
   */
  static void run() throws Exception {
    List<String> flags = JvmFlags.ofImage("1g");
    List<Contender> contenders =
        List.of(
            Contender.vacHub("vac-hub", flags),
            Contender.bare("ordinary", flags),
            Contender.bare("limit", flags),
            Contender.bootStarter(flags));
    List<Pairs> measured = Pairs.measure(contenders, ThroughputBenchmark::perCpuSecond);
    Pairs.header(
        "messages per server CPU second",
        "vac-hub",
        "× ordinary",
        "× limit",
        "× Boot's own starter");
    for (int i = 0; i < SCENARIOS.size(); i++) {
      Pairs pairs = measured.get(i);
      Pairs.row(
          SCENARIOS.get(i),
          pairs.median(0),
          pairs.ratio(0, 1),
          pairs.ratio(0, 2),
          pairs.ratio(0, 3));
    }
  }

  /** In each scenario. */
  private static double[] perCpuSecond(Contender contender) throws Exception {
    try (ServerProcess server = ServerProcess.start(contender)) {
      for (MethodDescriptor<TextRequest, TextResponse> method : METHODS) {
        Load.warmUp(method, server.grpcPort());
      }
      double[] figures = new double[SCENARIOS.size()];
      for (int i = 0; i < figures.length; i++) {
        Load.run(SCENARIOS.get(i), server.grpcPort(), SCENARIO_WARM_UP_MILLIS);
        long before = server.cpu().toMillis();
        long messages = Load.run(SCENARIOS.get(i), server.grpcPort(), MILLIS);
        figures[i] = messages * 1e3 / (server.cpu().toMillis() - before);
      }
      return figures;
    }
  }
}
