package io.vachub.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonReportTest {

  private final Report report =
      SampleReport.create()
          .with(
              List.of(new Outcome("cut==0", false, "1, 1 too high")),
              Flaw.all(SampleReport.create(), EnumSet.of(Flaw.UNKNOWN)));
  private final JsonObject json =
      JsonParser.parseString(JsonReport.write(report)).getAsJsonObject();

  @Test
  void holdsTheAccount() {
    JsonObject account = json.getAsJsonObject("account");

    assertThat(account.get("sent").getAsLong()).isEqualTo(1_020);
    assertThat(account.get("unknown").getAsLong()).isEqualTo(10);
    assertThat(account.get("lost").getAsLong()).isZero();
  }

  @Test
  void tellsReconnectsFromFailures() {
    JsonObject reconnects = json.getAsJsonObject("reconnects");

    assertThat(reconnects.getAsJsonObject("handoff").get("age").getAsLong()).isEqualTo(3);
    assertThat(reconnects.get("goaway").getAsLong()).isEqualTo(1);
    assertThat(reconnects.get("refused").getAsLong()).isEqualTo(2);
    assertThat(json.getAsJsonObject("failures").get("INTERNAL").getAsLong()).isEqualTo(1);
  }

  @Test
  void saysInTheServersWordsWhatFailed() {
    JsonObject text = json.getAsJsonArray("texts").get(0).getAsJsonObject();

    assertThat(text.get("cause").getAsString()).isEqualTo("failure_INTERNAL");
    assertThat(text.get("text").getAsString()).isEqualTo("INTERNAL: no <disk> left");
    assertThat(text.get("count").getAsInt()).isEqualTo(1);
  }

  @Test
  void theVerdictHasEveryFlawAllowedOrNot() {
    JsonObject verdict = json.getAsJsonObject("verdict");

    assertThat(verdict.get("passed").getAsBoolean()).isFalse();
    assertThat(verdict.getAsJsonArray("findings"))
        .extracting(finding -> finding.getAsJsonObject().get("flaw").getAsString())
        .containsExactly("cut", "unknown", "failed", "unsettled", "unsent", "never-opened");
    assertThat(verdict.getAsJsonArray("findings"))
        .filteredOn(finding -> finding.getAsJsonObject().get("allowed").getAsBoolean())
        .hasSize(1);
  }

  @Test
  void holdsPercentilesUpToFourNines() {
    JsonObject open = json.getAsJsonObject("timings").getAsJsonObject("open");

    assertThat(open.get("p99.99_ms").getAsDouble()).isEqualTo(10.007);
    assertThat(
            json.getAsJsonObject("timings").getAsJsonObject("acknowledge").get("count").getAsInt())
        .isZero();
  }

  @Test
  void holdsTheSeriesAndTheOutcomes() {
    assertThat(json.getAsJsonArray("series")).hasSize(31);
    assertThat(
            json.getAsJsonArray("series").get(20).getAsJsonObject().getAsJsonObject("pods").size())
        .isEqualTo(2);
    assertThat(
            json.getAsJsonArray("assertions").get(0).getAsJsonObject().get("passed").getAsBoolean())
        .isFalse();
  }

  @Test
  void theBalanceIsThatOfTheLoadsLastSecond() {
    assertThat(json.getAsJsonObject("balance").get("pods").getAsInt()).isEqualTo(2);
    assertThat(json.getAsJsonObject("balance").get("max_over_mean").getAsDouble()).isEqualTo(1.5);
  }
}
