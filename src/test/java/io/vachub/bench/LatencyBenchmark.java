package io.vachub.bench;

import io.vachub.Jdk;
import io.vachub.bench.Load.Scenario;
import io.vachub.proto.StreamerGrpc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Acknowledge latency at half the load that the bare server carries when each stream waits for its
 * answer, sent at fixed times by the load tester; its streams begin over ten seconds, so that its
 * JVM has compiled before all do. Alone, and while the service does what it does beside messages,
 * which the bare server with as many streams does not do.
 */
final class LatencyBenchmark {

  private static final int STREAMS = 40;
  private static final long MILLIS = 5_000;
  private static final int RAMP_SECONDS = 10;
  private static final int SECONDS = 30;
  private static final Scenario FULL_LOAD =
      new Scenario(StreamerGrpc.getAcknowledgeTextStreamMethod(), STREAMS, 40);

  /** What happens every second from the end of the ramp on. */
  private interface Event {
    void happen(ServerProcess server) throws IOException;
  }

  /**
   * What else the service does.
   *
   * @param others how many idle streams are open besides
   * @param settings of the service
   */
  private record Situation(String name, int others, List<String> settings, Event everySecond) {}

  private static final List<Situation> SITUATIONS =
      List.of(
          new Situation("alone", 0, List.of(), server -> {}),
          new Situation(
              "1,000 other streams are handed off every 10 s",
              1_000,
              List.of("--vachub.handoff.max-stream-age=10s"),
              server -> {}),
          new Situation(
              "100,000 idle streams, a scrape every second",
              100_000,
              List.of(),
              server -> server.get("/actuator/prometheus")),
          new Situation(
              "50,000 idle streams are drained over 30 s",
              50_000,
              // The measured streams are silent, so their turn comes after the measurement.
              List.of(
                  "--vachub.drain.quiet-period=0s",
                  "--vachub.drain.spread=30s",
                  "--grpc.server.shutdown-grace-period=90s"),
              ServerProcess::terminate));

  private LatencyBenchmark() {}

  static void run() throws Exception {
    List<String> flags = JvmFlags.ofImage("1g");
    Contender bare = Contender.bare("ordinary", flags);
    double half = halfLoad(bare);
    Pairs.header(
        String.format(Locale.ROOT, "milliseconds to acknowledge, %,.0f messages a second", half),
        "p50",
        "× bare, ordinary",
        "p99.9",
        "× bare, ordinary");
    for (Situation situation : SITUATIONS) {
      Contender vacHub = Contender.vacHub("vac-hub", flags).with(situation.settings());
      List<Pairs> latencies =
          Pairs.measure(
              List.of(vacHub, bare),
              contender -> latencies(contender, situation, contender == vacHub, half / STREAMS));
      Pairs p50 = latencies.get(0);
      Pairs p999 = latencies.get(1);
      Pairs.row(situation.name(), p50.median(0), p50.ratio(0, 1), p999.median(0), p999.ratio(0, 1));
    }
  }

  private static double halfLoad(Contender bare) throws Exception {
    try (ServerProcess server = ServerProcess.start(bare)) {
      Load.warmUp(FULL_LOAD.method(), server.grpcPort());
      return Load.runOneByOne(FULL_LOAD, server.grpcPort(), MILLIS) * 1e3 / MILLIS / 2;
    }
  }

  private static double[] latencies(
      Contender contender, Situation situation, boolean doesIt, double rate) throws Exception {
    ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    try (ServerProcess server = ServerProcess.start(contender)) {
      Load.warmUp(FULL_LOAD.method(), server.grpcPort());
      try (IdleStreams others = IdleStreams.openAccepting(situation.others(), server.grpcPort())) {
        // By its full collection the streams are old, as on a server that runs for long.
        server.liveHeapBytes();
        Event event = doesIt ? situation.everySecond() : nothing -> {};
        ScheduledFuture<?> events =
            clock.scheduleAtFixedRate(
                () -> happen(event, server), RAMP_SECONDS, 1, TimeUnit.SECONDS);
        JsonNode latency = latency(server, rate);
        if (events.isDone()) {
          events.get();
        }
        return new double[] {latency.get("p50_ms").asDouble(), latency.get("p99.9_ms").asDouble()};
      }
    } finally {
      clock.shutdownNow();
    }
  }

  private static void happen(Event event, ServerProcess server) {
    try {
      event.happen(server);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode latency(ServerProcess server, double rate) throws Exception {
    Path report = Files.createDirectories(Path.of("target", "bench")).resolve("latency.json");
    List<String> command =
        new ArrayList<>(
            List.of(Jdk.command("java"), "-jar", "loadtest/target/vac-hub-loadtest.jar", "run"));
    command.add("localhost:" + server.grpcPort());
    command.addAll(
        List.of(
            "--plaintext",
            "--rpc=acknowledge",
            "--handoff=silent",
            "--streams=" + STREAMS,
            "--channels=4",
            "--message-size=40",
            String.format(Locale.ROOT, "--rate=%.1f", rate),
            "--ramp=" + STREAMS / RAMP_SECONDS + "/1s",
            "--duration=" + SECONDS + "s",
            "--quiet",
            "--json=" + report));
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
