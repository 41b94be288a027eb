package io.vachub.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.vachub.loadtest.load.Course;
import io.vachub.loadtest.load.Lifetime;
import io.vachub.loadtest.load.Load;
import io.vachub.loadtest.load.LoadCurve;
import io.vachub.loadtest.load.Ramp;
import io.vachub.loadtest.load.Rate;
import io.vachub.loadtest.measure.Timing;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReportReaderTest {

  private static final Report REPORT =
      SampleReport.create()
          .with(
              List.of(new Outcome("cut==0", false, "1, 1 too high")),
              Flaw.all(SampleReport.create(), EnumSet.of(Flaw.UNKNOWN)));

  private static final String JSON = JsonReport.write(REPORT);

  @Test
  void whatIsWrittenIsReadBack() {
    assertThat(ReportReader.read(JSON)).isEqualTo(REPORT);
  }

  @ParameterizedTest
  @MethodSource("loads")
  void soIsEveryKindOfLoad(Load load) {
    Report report = SampleReport.of(load);

    assertThat(ReportReader.read(JsonReport.write(report)).load()).isEqualTo(load);
  }

  static Stream<Load> loads() {
    Load load = SampleReport.create().load();
    return Stream.of(
            new Course(
                Optional.of(LoadCurve.stages("0@3s,30@1m,180@10m30s,60@5m")), Lifetime.ENDLESS),
            new Course(Optional.of(LoadCurve.daily(40, 0.25)), Lifetime.parse("lognormal:10m/1.5")))
        .map(
            course ->
                new Load(
                    load.rpc(),
                    1,
                    1,
                    180,
                    Rate.MAX,
                    0,
                    load.duration(),
                    Ramp.NONE,
                    load.consent(),
                    "id",
                    course));
  }

  @Test
  void percentilesAreReadToTheLastDigit() {
    assertThat(ReportReader.read(JSON).timings().get(Timing.OPEN).getValueAtPercentile(99.99))
        .isEqualTo(REPORT.timings().get(Timing.OPEN).getValueAtPercentile(99.99));
  }

  @Test
  void findsSeveralAfterEachOther() {
    assertThat(ReportText.read("logs", (JSON + JSON).lines()))
        .extracting(ReportText.Named::name)
        .containsExactly("logs #1", "logs #2");
  }

  @Test
  void findsThemOnOneLineEach() {
    String line = JsonParser.parseString(JSON).toString() + "\n";

    assertThat(ReportText.read("logs", (line + line).lines())).hasSize(2);
  }

  @Test
  void passesOverWhatElseStandsInALog() {
    String log =
        Summary.write(REPORT)
            + JSON.replaceFirst("\n", "\n00:01 streams=3/3 pods=1\n   cut: 2 open streams ended\n")
            + "unknown: nobody can say\n[0.01s][warning] of the JVM\n";

    assertThat(ReportText.read("log", (log + log).lines()))
        .extracting(ReportText.Named::report)
        .containsExactly(REPORT, REPORT);
  }

  @Test
  void tellsPodsApartWhoseLinesAreMixed() {
    List<String> lines = JSON.lines().toList();
    Stream<String> mixed =
        lines.stream().flatMap(line -> Stream.of("[pod/a/loadtest] " + line, "[pod/b/x] " + line));

    assertThat(ReportText.read("-", mixed))
        .containsExactly(
            new ReportText.Named("pod/a/loadtest", REPORT),
            new ReportText.Named("pod/b/x", REPORT));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "hello\n", "[1]\n"})
  void aTextWithoutAReportIsSaid(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ReportText.read("a.json", text.lines()))
        .withMessage("a.json: no report in it (expected: what loadtest run --json writes)");
  }

  @Test
  void anotherJsonIsSaid() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ReportText.read("a.json", Stream.of("{\"results\": []}")))
        .withMessage("a.json: it has no target (expected: what loadtest run --json writes)");
  }

  @Test
  void aReportWithoutHistogramsIsSaid() {
    JsonObject json = JsonParser.parseString(JSON).getAsJsonObject();
    json.getAsJsonObject("timings").getAsJsonObject("open").remove("histogram");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> ReportText.read("a.json", Stream.of(json.toString())))
        .withMessage("a.json: it has no histogram (expected: what loadtest run --json writes)");
  }

  @Test
  void aReportThatBreaksOffIsSaid() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ReportText.read("a.json", JSON.lines().limit(40)))
        .withMessage(
            "a.json: broken off or no JSON (expected: the whole of what loadtest run --json writes)");
  }
}
