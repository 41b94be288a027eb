package io.vachub.bench;

import io.vachub.Jdk;
import io.vachub.bench.Load.Scenario;
import io.vachub.proto.StreamerGrpc;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Acknowledge latency at half the load that the bare server carries when each stream waits for its
 * answer, sent at fixed times by the load tester; its streams begin over ten seconds, so that its
 * JVM has compiled before all do.
 */
final class LatencyBenchmark {

  private static final int STREAMS = 40;
  private static final long MILLIS = 5_000;
  private static final Scenario FULL_LOAD =
      new Scenario(StreamerGrpc.getAcknowledgeTextStreamMethod(), STREAMS, 40);

  private LatencyBenchmark() {}

  static void run() throws Exception {
    List<String> flags = JvmFlags.ofImage("1g");
    try (ServerProcess vacHub = ServerProcess.start(Contender.vacHub("vac-hub", flags));
        ServerProcess ordinary = ServerProcess.start(Contender.bare("ordinary", flags))) {
      List<ServerProcess> servers = List.of(vacHub, ordinary);
      for (ServerProcess server : servers) {
        Load.warmUp(FULL_LOAD.method(), server.grpcPort());
      }
      double half = Load.runOneByOne(FULL_LOAD, ordinary.grpcPort(), MILLIS) * 1e3 / MILLIS / 2;
      List<Pairs> latencies =
          Pairs.measure(
              servers,
              server -> {
                JsonNode latency = latency(server, half / STREAMS);
                return new double[] {
                  latency.get("p50_ms").asDouble(), latency.get("p99.9_ms").asDouble()
                };
              });
      Pairs p50 = latencies.get(0);
      Pairs p999 = latencies.get(1);
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
            Jdk.command("java"),
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
            "--ramp=" + STREAMS / 10 + "/1s",
            "--duration=30s",
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
