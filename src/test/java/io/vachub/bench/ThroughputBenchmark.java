package io.vachub.bench;

import io.vachub.bench.Load.Scenario;
import io.vachub.proto.StreamerGrpc;
import java.util.List;
import java.util.stream.Stream;

/** Messages per server CPU second, beside bare grpc-java servers and Spring Boot's own starter. */
final class ThroughputBenchmark {

  private static final long MILLIS = Integer.getInteger("bench.millis", 2_000);

  /** The same JVM and flags for all. */
  private static final List<String> FLAGS = List.of("-Xmx1g");

  private static final List<Scenario> SCENARIOS =
      Stream.of(
              StreamerGrpc.getProcessTextStreamMethod(),
              StreamerGrpc.getAcknowledgeTextStreamMethod())
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

  static void run() throws Exception {
    try (ServerProcess vacHub = ServerProcess.start(Contender.vacHub("vac-hub", FLAGS));
        ServerProcess ordinary = ServerProcess.start(Contender.bare("ordinary", FLAGS));
        ServerProcess limit = ServerProcess.start(Contender.bare("limit", FLAGS));
        ServerProcess bootStarter = ServerProcess.start(Contender.bootStarter(FLAGS))) {
      List<ServerProcess> servers = List.of(vacHub, ordinary, limit, bootStarter);
      Pairs.header(
          "messages per server CPU second",
          "vac-hub",
          "× ordinary",
          "× limit",
          "× Boot's own starter");
      for (Scenario scenario : SCENARIOS) {
        for (ServerProcess server : servers) {
          Load.run(scenario, server.grpcPort(), 2 * MILLIS);
        }
        Pairs pairs = Pairs.measure(servers, server -> perCpuSecond(scenario, server));
        Pairs.row(
            scenario, pairs.median(0), pairs.ratio(0, 1), pairs.ratio(0, 2), pairs.ratio(0, 3));
      }
    }
  }

  private static double perCpuSecond(Scenario scenario, ServerProcess server) throws Exception {
    long before = server.cpu().toMillis();
    long messages = Load.run(scenario, server.grpcPort(), MILLIS);
    return messages * 1_000.0 / (server.cpu().toMillis() - before);
  }
}
