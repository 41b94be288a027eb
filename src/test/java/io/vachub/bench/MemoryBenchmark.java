package io.vachub.bench;

import java.util.List;

/** Bytes of heap per open idle stream, and what a container needs for very many of them. */
final class MemoryBenchmark {

  private static final String MAX_HEAP = "3g";
  private static final int WARM_UP = 500;
  private static final int MANY = 100_000;

  /** As the chart limits it; the JVM then takes its serial collector, which needs the least. */
  private static final long CONTAINER_MIB = 1_024;

  private MemoryBenchmark() {}

  static void run() throws Exception {
    Pairs.header("idle streams", "vac-hub, bytes each", "× bare, ordinary", "× Boot's own starter");
    List<String> flags = JvmFlags.ofImage(MAX_HEAP);
    List<Contender> contenders =
        List.of(
            Contender.vacHub("vac-hub", flags),
            Contender.bare("ordinary", flags),
            Contender.bootStarter(flags));
    for (int streams : List.of(10_000, MANY)) {
      Pairs pairs =
          Pairs.measure(contenders, contender -> new double[] {bytesPerStream(contender, streams)})
              .get(0);
      Pairs.row("%,d".formatted(streams), pairs.median(0), pairs.ratio(0, 1), pairs.ratio(0, 2));
    }
    System.out.println();
    Cgroup.memory(CONTAINER_MIB << 20)
        .ifPresentOrElse(
            MemoryBenchmark::fit,
            () -> System.out.println("A container: not measured, for want of cgroups"));
  }

  private static double bytesPerStream(Contender contender, int streams) throws Exception {
    try (ServerProcess server = ServerProcess.start(contender);
        IdleStreams warmUp = IdleStreams.open(WARM_UP, server.grpcPort())) {
      long before = server.liveHeapBytes();
      try (IdleStreams open = IdleStreams.open(streams, server.grpcPort())) {
        return (double) (server.liveHeapBytes() - before) / streams;
      }
    }
  }

  /** In a cgroup, which ends a process that takes too much. */
  private static void fit(Cgroup container) {
    try (ServerProcess server =
            ServerProcess.start(Contender.vacHub("container", JvmFlags.ofImage()), container);
        IdleStreams open = IdleStreams.open(MANY, server.grpcPort())) {
      System.out.printf(
          "%,d idle streams in a container of %,d MiB: %,d MiB at most%n",
          MANY, CONTAINER_MIB, server.peakMemoryMib());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
