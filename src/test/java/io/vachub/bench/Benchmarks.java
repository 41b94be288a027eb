package io.vachub.bench;

import java.util.List;
import java.util.Map;

/** Runs the benchmarks named, or all, each beside a reference in the same run. */
final class Benchmarks {

  private interface Benchmark {
    void run() throws Exception;
  }

  private static final Map<String, Benchmark> BY_NAME =
      Map.of(
          "startup", StartupBenchmark::run,
          "throughput", ThroughputBenchmark::run,
          "memory", MemoryBenchmark::run,
          "scrape", ScrapeBenchmark::run,
          "latency", LatencyBenchmark::run);

  private Benchmarks() {}

  /** {@code all}, or names with commas between. */
  public static void main(String[] args) throws Exception {
    List<String> names =
        args[0].equals("all")
            ? List.of("startup", "throughput", "memory", "scrape", "latency")
            : List.of(args[0].split(","));
    System.out.printf(
        "%d processors, %s %s, medians of %d pairs%n",
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("java.vm.vendor"),
        Runtime.version(),
        Pairs.COUNT);
    for (String name : names) {
      Benchmark benchmark = BY_NAME.get(name);
      if (benchmark == null) {
        throw new IllegalArgumentException(
            "bench: %s (expected: all, or some of %s)".formatted(name, BY_NAME.keySet()));
      }
      benchmark.run();
    }
    System.exit(0);
  }
}
