package io.vachub.bench;

import java.util.List;

/** What a scrape of the metrics page costs while many streams are open, beside few. */
final class ScrapeBenchmark {

  private static final List<String> FLAGS = List.of("-Xmx1g");
  private static final int SCRAPES = 200;

  private ScrapeBenchmark() {}

  static void run() throws Exception {
    Contender vacHub = Contender.vacHub("vac-hub", FLAGS);
    try (ServerProcess busy = ServerProcess.startUntilReady(vacHub, Cgroup.NONE);
        ServerProcess idle = ServerProcess.startUntilReady(vacHub, Cgroup.NONE);
        IdleStreams many = IdleStreams.open(10_000, busy.grpcPort());
        IdleStreams few = IdleStreams.open(10, idle.grpcPort())) {
      List<ServerProcess> servers = List.of(busy, idle);
      Pairs.measure(servers, ScrapeBenchmark::cpuMillis);
      Pairs pairs = Pairs.measure(servers, ScrapeBenchmark::cpuMillis).get(0);
      Pairs.header("CPU milliseconds per scrape", "10,000 streams", "× 10 streams");
      Pairs.row("/actuator/prometheus", pairs.median(0), pairs.ratio(0, 1));
    }
  }

  private static double[] cpuMillis(ServerProcess server) throws Exception {
    long before = server.cpu().toMillis();
    for (int i = 0; i < SCRAPES; i++) {
      server.get("/actuator/prometheus");
    }
    return new double[] {(double) (server.cpu().toMillis() - before) / SCRAPES};
  }
}
