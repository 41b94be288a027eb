package io.vachub.loadtest.assertion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vachub.loadtest.command.SimulatedSettings;
import io.vachub.loadtest.measure.Timing;
import io.vachub.loadtest.report.Outcome;
import io.vachub.loadtest.report.Report;
import io.vachub.loadtest.report.SampleReport;
import io.vachub.loadtest.simulation.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AssertionTest {

  private final Report report = SampleReport.create();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "p99_lateness<50ms",
        "p99.99_lateness <= 50ms",
        "max_open<1s",
        "mean_handoff_gap>=1us",
        "lost==0",
        "sent>999",
        "unknown!=0",
        "handoff_age==3",
        "handoff_drain==0",
        "handoff==4",
        "cut==1",
        "goaway==1",
        "reset==0",
        "refused==2",
        "connect==0",
        "failure==1",
        "pods==2",
        "max_over_mean<1.6",
        "average_max_over_mean>1",
        "rate>1",
      })
  void holds(String text) {
    assertThat(Assertion.parse(text).judge(report)).matches(Outcome::passed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lost==3 | 0, 3 too low",
        "cut==0 | 1, 1 too high",
        "cut<1 | 1",
        "max_over_mean<1.2 | 1.500, 0.300 too high",
        "max_open<5ms | 10.007 ms, 5.007 ms too high",
        "p99_acknowledge<1s | nothing was timed"
      })
  void saysByHowMuchItFails(String text, String message) {
    Outcome outcome = Assertion.parse(text).judge(report);

    assertThat(outcome.passed()).isFalse();
    assertThat(outcome.message()).isEqualTo(message);
  }

  @Test
  void aSimulationWithoutAStepSaysSo() throws Exception {
    Result stepless =
        new Result(
            SimulatedSettings.of("--duration=10m"),
            List.of(),
            List.of(),
            List.of(),
            0,
            Map.of(),
            0,
            0,
            0,
            0);

    assertThat(Assertion.parseForSimulation("slowest_even<90s").judge(stepless))
        .isEqualTo(new Outcome("slowest_even<90s", false, "the load has no step"));
  }

  @Test
  void everyTimingHasPercentiles() {
    for (Timing timing : Timing.values()) {
      assertThat(Assertion.parse("p50_" + timing.key() + "<1s")).isNotNull();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "lost", "lost=0", "lost<", "<5", "lost<-1", "lost<five", "lost<1<2"})
  void refusesWhatIsNoComparison(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Assertion.parse(text))
        .withMessage("NAME OPERATOR LIMIT, for example p99_lateness<50ms or cut==0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"missing==0", "p99_missing<1s", "p101_open<1s", "lateness<1s"})
  void refusesAnUnknownNameAndListsTheKnown(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Assertion.parse(text))
        .withMessageContaining("one of")
        .withMessageContaining("max_over_mean")
        .withMessageContaining("handoff_gap");
  }

  @Test
  void everyNameIsInTheReadme() throws Exception {
    String readme = Files.readString(Path.of("README.md"));

    assertThat(Quantity.names().split("\\W+"))
        .filteredOn(name -> Quantity.named(name).isPresent() && !name.equals("handoff_REASON"))
        .hasSizeGreaterThan(15)
        .allSatisfy(name -> assertThat(readme).contains("`" + name + "`"));
  }

  @Test
  void aTimeHasAUnitAndANumberHasNone() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Assertion.parse("p99_lateness<50"))
        .withMessage("a limit in us, ms or s");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Assertion.parse("lost<5ms"))
        .withMessage("a limit without a unit");
  }
}
