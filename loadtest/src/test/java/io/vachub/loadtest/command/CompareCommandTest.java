package io.vachub.loadtest.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.vachub.loadtest.load.Load;
import io.vachub.loadtest.measure.Timing;
import io.vachub.loadtest.report.JsonReport;
import io.vachub.loadtest.report.Report;
import io.vachub.loadtest.report.SampleReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Before: lateness 0.7 ms. After: ten of a hundred messages at 1.4 ms, and 2 streams reset. */
class CompareCommandTest {

  @TempDir private Path directory;
  private Path before;
  private Path after;

  @BeforeEach
  void writeReports() throws Exception {
    before = write("before.json", JsonReport.write(SampleReport.create()));
    Report slower = SampleReport.create();
    slower.timings().get(Timing.LATENESS).recordValueWithCount(1_400, 100);
    JsonObject json = JsonParser.parseString(JsonReport.write(slower)).getAsJsonObject();
    json.getAsJsonObject("reconnects").addProperty("reset", 2);
    after = write("after.json", json.toString());
  }

  @Test
  void showsEachFigureOfBothAndWhichWayItWent() {
    CommandLineResult result = compare(before, after);

    assertThat(result.exitCode()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.out().lines().map(line -> line.replaceAll(" +", " ")))
        .contains(
            "figure before after change",
            "sent 1,020 1,020",
            "cut 1 3 +200.0 % worse",
            "p99_lateness 0.700 ms 1.400 ms +100.0 % worse",
            "p50_lateness 0.700 ms 0.700 ms",
            "peak_memory_mib 120 120")
        .noneMatch(line -> line.contains("acknowledge") || line.startsWith("note"));
    assertThat(compare(after, before).out().lines().map(line -> line.replaceAll(" +", " ")))
        .contains("cut 3 1 -66.7 % better");
  }

  @Test
  void worseThanIsAllowedIsCodeThreeAndASentenceEach() {
    CommandLineResult result = compare(before, after, "--max-regression=50%");

    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.err().lines())
        .containsExactly(
            "cut: 1, then 3, 200.0 % worse (--max-regression 50%)",
            "p99_lateness: 0.700 ms, then 1.400 ms, 100.0 % worse (--max-regression 50%)",
            "p99.9_lateness: 0.700 ms, then 1.400 ms, 100.0 % worse (--max-regression 50%)");
    assertThat(compare(after, before, "--max-regression=0%").exitCode()).isZero();
  }

  @Test
  void oneFiguresOwnLimitHoldsInsteadOfThatOfAll() {
    assertThat(
            compare(
                    before,
                    after,
                    "--max-regression=50%",
                    "--max-regression=cut=200%",
                    "--max-regression=p99_lateness=150%",
                    "--max-regression=p99.9_lateness=150%")
                .exitCode())
        .isZero();
    assertThat(compare(before, after, "--max-regression=p95_lateness=10%").err())
        .startsWith("p95_lateness: 0.700 ms, then 1.400 ms, 100.0 % worse")
        .hasLineCount(1);
    assertThat(compare(before, after, "--max-regression=max_lateness=10%").exitCode()).isEqualTo(3);
  }

  @Test
  void somethingInsteadOfNothingIsWorseThanAnyPercentage() throws Exception {
    JsonObject json = JsonParser.parseString(Files.readString(before)).getAsJsonObject();
    json.getAsJsonObject("account").addProperty("lost", 7);
    Path lossy = write("lossy.json", json.toString());

    assertThat(compare(before, lossy, "--max-regression=100000%").err())
        .isEqualToIgnoringNewLines("lost: 0, then 7 (--max-regression 100000%)");
    assertThat(compare(before, lossy).out()).containsPattern("lost +0 +7 +from 0  worse");
  }

  @Test
  void loadsThatDifferAreSaid() throws Exception {
    Load load = SampleReport.create().load();
    Load other =
        new Load(
            load.rpc(),
            load.clients(),
            load.channels(),
            80,
            load.rate(),
            load.messageBytes(),
            load.duration(),
            load.ramp(),
            load.consent(),
            load.clientId());
    Path larger = write("larger.json", JsonReport.write(SampleReport.of(other)));

    assertThat(compare(before, larger).out())
        .startsWith("note       the loads differ: streams 40, then 80\nfigure");
  }

  @Test
  void severalReportsInOneFileAreSaid() throws Exception {
    Path two = write("two.json", Files.readString(before) + Files.readString(before));

    assertThat(compare(before, two).err())
        .isEqualToIgnoringNewLines(
            two + ": 2 reports (expected: one; loadtest merge makes one of them)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10    | a percentage such as 10%, or of one figure: p99_lateness=50%",
        "pods=10% | a figure that can be worse, such as rate, cut or p99_lateness",
        "cats=10% | a figure that can be worse, such as rate, cut or p99_lateness"
      })
  void aBadLimitIsSaid(String limit, String expected) {
    assertThat(compare(before, after, "--max-regression=" + limit))
        .isEqualTo(
            new CommandLineResult(
                2, "", "--max-regression: %s (expected: %s)%n".formatted(limit, expected)));
  }

  private Path write(String name, String json) throws Exception {
    return Files.writeString(directory.resolve(name), json);
  }

  private static CommandLineResult compare(Path before, Path after, String... options) {
    return CommandLineResult.of(
        Stream.concat(
                Stream.of("compare", before.toString(), after.toString()), Arrays.stream(options))
            .toArray(String[]::new));
  }
}
