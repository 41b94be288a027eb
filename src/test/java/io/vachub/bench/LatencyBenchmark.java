package io.vachub.bench;

import io.vachub.bench.Load.Scenario;
import io.vachub.proto.StreamerGrpc;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Acknowledge latency at half the load that the bare server carries, sent at fixed times by the
 * load tester.
 */
final class LatencyBenchmark {

  private static final List<String> FLAGS = List.of("-Xmx1g");
  private static final int STREAMS = 40;
  private static final long MILLIS = 5_000;
  private static final Scenario FULL_LOAD =
      new Scenario(StreamerGrpc.getAcknowledgeTextStreamMethod(), STREAMS, 40);

  private LatencyBenchmark() {}

  static void run() throws Exception {
    try (ServerProcess vacHub = ServerProcess.start(Contender.vacHub("vac-hub", FLAGS));
        ServerProcess ordinary = ServerProcess.start(Contender.bare("ordinary", FLAGS))) {
      List<ServerProcess> servers = List.of(vacHub, ordinary);
      for (ServerProcess server : servers) {
        Load.run(FULL_LOAD, server.grpcPort(), MILLIS);
      }
      double half = Load.run(FULL_LOAD, ordinary.grpcPort(), MILLIS) * 1e3 / MILLIS / 2;
      List<JsonNode> latencies = new ArrayList<>();
      Pairs p999 =
          Pairs.measure(
              servers,
              server -> {
                latencies.add(latency(server, half / STREAMS));
                return latencies.get(latencies.size() - 1).get("p99.9_ms").asDouble();
              });
      var turns = latencies.iterator();
      Pairs p50 = Pairs.measure(servers, server -> turns.next().get("p50_ms").asDouble());
      Pairs.header(
          String.format(Locale.ROOT, "milliseconds to acknowledge, %,.0f messages a second", half),
          "vac-hub",
          "× bare, ordinary");
      Pairs.row("p50", p50.median(0), p50.ratio(0, 1));
      Pairs.row("p99.9", p999.median(0), p999.ratio(0, 1));
    }
  }

  private static JsonNode latency(ServerProcess server, double rate) throws Exception {
    Path report = Path.of("target", "bench", "latency.json");
    List<String> command =
        List.of(
            Contender.java(),
            "-jar",
            "loadtest/target/vac-hub-loadtest.jar",
            "run",
            "localhost:" + server.grpcPort(),
            "--plaintext",
            "--rpc=acknowledge",
            "--streams=" + STREAMS,
            "--channels=4",
            "--message-size=40",
            String.format(Locale.ROOT, "--rate=%.1f", rate),
            "--duration=10s",
            "--quiet",
            "--json=" + report);
    if (new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start()
            .waitFor()
        != 0) {
      throw new IllegalStateException("failed: " + command);
    }
    return JsonMapper.shared().readTree(report.toFile()).get("timings").get("acknowledge");
  }
}
