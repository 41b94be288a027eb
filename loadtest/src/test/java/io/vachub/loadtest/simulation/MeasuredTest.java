package io.vachub.loadtest.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Predicts what four real servers behind haproxy did ({@code BalanceIT} of the service wrote the
 * curves down), and finds the comparison in README as it is.
 */
class MeasuredTest {

  private static final Path CURVES = Path.of("src/test/resources/balance");
  private static final List<String> JOINS = List.of("2 servers", "3 servers", "4 servers");
  private static final double EVEN = 1.25;
  private static final int SEEDS = 20;

  private record Sample(int second, String phase, double maxOverMean, double movedPerMinute) {}

  @TempDir private Path directory;

  @Test
  void predictsTheCurvesAsReadmeSays() throws IOException {
    List<String> readme = Files.readAllLines(Path.of("README.md"));
    List<String> rows = new ArrayList<>();
    for (String balance : List.of("roundrobin", "random")) {
      for (boolean rebalancing : List.of(true, false)) {
        rows.add(row(balance, rebalancing));
      }
    }

    assertThat(readme).containsAll(rows);
  }

  private String row(String balance, boolean rebalancing) throws IOException {
    List<Sample> measured = measured(balance + (rebalancing ? "-rebalancing" : "-age-only"));
    List<Result> predicted =
        IntStream.rangeClosed(1, SEEDS)
            .mapToObj(seed -> predict(measured, balance, rebalancing, seed))
            .toList();

    double error = error(measured, predicted);
    assertThat(error).as("%s, rebalancing %s", balance, rebalancing).isLessThan(0.15);
    return "| %s, %s | %s | %s | %.2f | %,.0f | %,.0f |"
        .formatted(
            balance.equals("random") ? "`random`" : "`roundrobin`",
            rebalancing ? "rebalancing" : "age only",
            JOINS.stream()
                .map(phase -> seconds(evenAfter(measured, phase)))
                .collect(Collectors.joining(" · ")),
            JOINS.stream()
                .map(
                    phase ->
                        seconds(median(predicted, begin(measured, phase), end(measured, phase))))
                .collect(Collectors.joining(" · ")),
            error,
            measured.stream().mapToDouble(Sample::movedPerMinute).sum() * 5 / 60,
            predicted.stream().mapToLong(Result::moved).average().orElseThrow());
  }

  private Result predict(List<Sample> measured, String balance, boolean rebalancing, int seed) {
    try {
      Path curve =
          Files.writeString(
              directory.resolve("curve.csv"),
              "second,planned_streams%n0,120%n%d,240%n%d,320%n"
                  .formatted(begin(measured, "4 full"), begin(measured, "4 and too many")));
      return Simulated.of(
          "--curve=" + curve,
          "--clients=107",
          "--channels=1",
          "--duration=" + measured.get(measured.size() - 1).second(),
          "--autoscaling=off",
          "--pods=1",
          "--join="
              + JOINS.stream()
                  .map(phase -> Integer.toString(begin(measured, phase)))
                  .collect(Collectors.joining(",")),
          "--target=30",
          "--max-active=120,60",
          "--max-stream-age=3m",
          "--max-connection-age=10m",
          "--rebalance-window=15s",
          "--choices=1",
          "--rebalance-min-stream-age=30s",
          "--rebalance-max-per-minute=1",
          "--rebalance=" + (rebalancing ? "on" : "off"),
          "--balancer=" + (balance.equals("random") ? "least-of-two" : "round-robin"),
          "--sample=1s",
          "--seed=" + seed);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** How far the predicted max/mean is off, on average over the samples, of the mean prediction. */
  private static double error(List<Sample> measured, List<Result> predicted) {
    return measured.stream()
        .mapToDouble(
            sample ->
                Math.abs(
                    sample.maxOverMean()
                        - predicted.stream()
                            .mapToDouble(
                                it -> it.intervals().get(sample.second() - 1).maxOverMean())
                            .average()
                            .orElseThrow()))
        .average()
        .orElseThrow();
  }

  /** Seconds from the beginning of a phase to the first sample that is even. */
  private static OptionalInt evenAfter(List<Sample> measured, String phase) {
    return measured.stream()
        .filter(sample -> sample.phase().equals(phase) && sample.maxOverMean() <= EVEN)
        .mapToInt(sample -> sample.second() - begin(measured, phase))
        .findFirst();
  }

  private static OptionalInt median(List<Result> predicted, int begin, int end) {
    List<Integer> seconds =
        predicted.stream()
            .map(
                result ->
                    result.intervals().stream()
                        .filter(it -> it.second() > begin && it.second() <= end)
                        .filter(it -> it.maxOverMean() <= EVEN)
                        .map(it -> it.second() - begin)
                        .findFirst()
                        .orElse(Integer.MAX_VALUE))
            .sorted()
            .toList();
    int median = seconds.get(seconds.size() / 2);
    return median == Integer.MAX_VALUE ? OptionalInt.empty() : OptionalInt.of(median);
  }

  private static String seconds(OptionalInt seconds) {
    return seconds.isPresent() ? seconds.getAsInt() + " s" : "never";
  }

  /** A phase begins right after the last sample of the one before. */
  private static int begin(List<Sample> measured, String phase) {
    int last = 0;
    for (Sample sample : measured) {
      if (sample.phase().equals(phase)) {
        return last;
      }
      last = sample.second();
    }
    throw new IllegalArgumentException(phase);
  }

  private static int end(List<Sample> measured, String phase) {
    return measured.stream()
        .filter(sample -> sample.phase().equals(phase))
        .mapToInt(Sample::second)
        .max()
        .orElseThrow();
  }

  private static List<Sample> measured(String name) throws IOException {
    return Files.readAllLines(CURVES.resolve(name + ".csv")).stream()
        .skip(1)
        .map(line -> line.split(","))
        .map(
            cells ->
                new Sample(
                    Integer.parseInt(cells[0]),
                    cells[1],
                    Double.parseDouble(cells[3]),
                    Double.parseDouble(cells[4])))
        .toList();
  }
}
