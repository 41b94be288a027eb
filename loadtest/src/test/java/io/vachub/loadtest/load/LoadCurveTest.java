package io.vachub.loadtest.load;

import static java.nio.charset.StandardCharsets.UTF_16;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadCurveTest {

  @TempDir private Path directory;

  @Test
  void aRampBeginsItsStreamsInSteps() {
    LoadCurve curve = LoadCurve.ramp(new Ramp(30, Duration.ofSeconds(60)), 80);

    assertThat(curve.streamsAt(0)).isEqualTo(30);
    assertThat(curve.streamsAt(59)).isEqualTo(30);
    assertThat(curve.streamsAt(60)).isEqualTo(60);
    assertThat(curve.streamsAt(600)).isEqualTo(80);
  }

  @Test
  void aDayIsQuietAtMidnightAndFullAtNoon() {
    LoadCurve curve = LoadCurve.daily(1_000, 0.2);

    assertThat(curve.streamsAt(0)).isEqualTo(200);
    assertThat(curve.streamsAt(6 * 3600)).isEqualTo(600);
    assertThat(curve.streamsAt(12 * 3600)).isEqualTo(1_000);
    assertThat(curve.streamsAt(24 * 3600)).isEqualTo(200);
  }

  @Test
  void aValueOfAFileHoldsUntilTheNext() throws Exception {
    LoadCurve curve =
        LoadCurve.read(file("second,planned_streams,open_streams\n1.000,30,28\n10,60,30\n\n"));

    assertThat(curve.streamsAt(0)).isZero();
    assertThat(curve.streamsAt(9)).isEqualTo(30);
    assertThat(curve.streamsAt(10)).isEqualTo(60);
    assertThat(curve.streamsAt(1_000)).isEqualTo(60);
    assertThat(curve.most()).isEqualTo(60);
  }

  @Test
  void aFileMayHaveAByteOrderMarkQuotesAndSemicolons() throws Exception {
    assertThat(LoadCurve.read(file("\uFEFFsecond,streams\n0,7\n")).streamsAt(0)).isEqualTo(7);
    assertThat(LoadCurve.read(file("second;pod;streams\n0;\"a;b\";7\n")).most()).isEqualTo(7);
    LoadCurve quoted =
        LoadCurve.read(file("\"second\",\"pod \"\"a\"\",b\",\"streams\"\n0,1,\"7\"\n"));
    assertThat(quoted.most()).isEqualTo(7);
  }

  @Test
  void stagesHoldForTheirTime() {
    LoadCurve curve = LoadCurve.stages("30@1m,180@10m,0@5m");

    assertThat(curve.streamsAt(0)).isEqualTo(30);
    assertThat(curve.streamsAt(59)).isEqualTo(30);
    assertThat(curve.streamsAt(60)).isEqualTo(180);
    assertThat(curve.streamsAt(660)).isZero();
    assertThat(curve.most()).isEqualTo(180);
    assertThat(curve.lasts()).contains(Duration.ofMinutes(16));
  }

  @Test
  void saysWhatIsWrongWithAFile() {
    assertThatThrownBy(() -> LoadCurve.read(directory.resolve("missing.csv")))
        .hasMessage("a readable CSV file");
    assertThatThrownBy(() -> LoadCurve.read(file("second,planned_streams\n")))
        .hasMessage("a CSV file with a header and at least one row");
    assertThatThrownBy(() -> LoadCurve.read(file("second,open\n1,2\n")))
        .hasMessage("a column planned_streams or streams in its header");
    assertThatThrownBy(() -> LoadCurve.read(file("second,streams\n1,2\n2,-2\n")))
        .hasMessage("seconds and whole streams of 0 or more in line 3, not 2,-2");
    assertThatThrownBy(() -> LoadCurve.read(file("second,streams\n1,2\n\n\nx,2\n")))
        .hasMessage("seconds and whole streams of 0 or more in line 5, not x,2");
    assertThatThrownBy(() -> LoadCurve.read(file("second;streams\n0,5;2\n")))
        .hasMessage("seconds and whole streams of 0 or more in line 2, not 0,5;2");
    assertThatThrownBy(() -> LoadCurve.read(file("second,streams\nInfinity,2\n")))
        .hasMessage("seconds and whole streams of 0 or more in line 2, not Infinity,2");
    assertThatThrownBy(() -> LoadCurve.read(file("second,streams\n\"1,2\n")))
        .hasMessage("seconds and whole streams of 0 or more in line 2, not \"1,2");
    assertThatThrownBy(
            () ->
                LoadCurve.read(
                    Files.writeString(directory.resolve("wide.csv"), "second,streams\n", UTF_16)))
        .hasMessage("a CSV file in UTF-8");
  }

  private Path file(String text) throws Exception {
    return Files.writeString(directory.resolve("curve.csv"), text);
  }
}
