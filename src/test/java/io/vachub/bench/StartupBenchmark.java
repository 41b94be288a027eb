package io.vachub.bench;

import io.vachub.Jdk;
import io.vachub.PackagedJar;
import io.vachub.image.AotCache;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * From the start of the process until readiness answers 200: seconds on the clock and of processor
 * time, beside plain {@code java -jar}.
 */
final class StartupBenchmark {

  private static final int AOT_CACHE_SINCE = 25;

  private StartupBenchmark() {}

  static void run() throws Exception {
    Contender plain = Contender.vacHub("java -jar", List.of());
    List<Contender> contenders = new ArrayList<>(List.of(plain, Contender.bootStarter(List.of())));
    List<Contender> onHalf = new ArrayList<>(List.of(plain));
    if (Runtime.version().feature() >= AOT_CACHE_SINCE) {
      List<String> flags = JvmFlags.ofImage();
      contenders.add(withCache("with the AOT cache", flags));
      List<String> onSpringAot = new ArrayList<>(flags);
      onSpringAot.add("-Dspring.aot.enabled=true");
      Contender asImage = withCache("with the AOT cache and Spring AOT, as the image", onSpringAot);
      contenders.add(asImage);
      onHalf.add(asImage);
    } else {
      System.out.println("No AOT cache: it needs Java " + AOT_CACHE_SINCE);
    }
    measure("all processors", contenders, Cgroup.NONE);
    Cgroup.processors(0.5)
        .ifPresentOrElse(
            half -> measure("half a processor", onHalf, half),
            () -> System.out.println("Half a processor: not measured, for want of cgroups"));
  }

  private static void measure(String where, List<Contender> contenders, Cgroup cgroup) {
    try {
      List<Pairs> measured =
          Pairs.measure(
              contenders,
              contender -> {
                long start = System.nanoTime();
                try (ServerProcess server = ServerProcess.startUntilReady(contender, cgroup)) {
                  double seconds = (System.nanoTime() - start) / 1e9;
                  return new double[] {seconds, server.cpu().toMillis() / 1e3};
                }
              });
      Pairs wall = measured.get(0);
      Pairs processor = measured.get(1);
      Pairs.header(
          "start to ready, " + where, "seconds", "× java -jar", "CPU seconds", "× java -jar");
      for (int i = 0; i < contenders.size(); i++) {
        Pairs.row(
            contenders.get(i).name(),
            wall.median(i),
            wall.ratio(i, 0),
            processor.median(i),
            processor.ratio(i, 0));
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** The jar unpacked, because a cache knows no jars within jars, and a cache trained for it. */
  private static Contender withCache(String name, List<String> flags) throws Exception {
    Path app = Path.of("target", "bench", "app").toAbsolutePath();
    if (!Files.exists(app)) {
      run(
          List.of(
              Jdk.command("java"),
              "-Djarmode=tools",
              "-jar",
              PackagedJar.path().toString(),
              "extract",
              "--destination",
              app.toString()));
    }
    Path cache = app.resolve(name.replaceAll("\\W+", "-") + ".aot");
    List<String> start = List.of("-jar", app.resolve(PackagedJar.path().getFileName()).toString());
    List<String> training = new ArrayList<>(List.of(Jdk.command("java")));
    training.addAll(flags);
    training.addAll(start);
    Files.deleteIfExists(cache);
    AotCache.train(training, cache, app.resolve("training.log"));
    List<String> flagsWithCache = new ArrayList<>(flags);
    flagsWithCache.add("-XX:AOTCache=" + cache);
    return Contender.vacHub(name, flagsWithCache, start);
  }

  private static void run(List<String> command) throws Exception {
    if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
      throw new IllegalStateException("failed: " + command);
    }
  }
}
