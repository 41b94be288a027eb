package io.vachub.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTest {

  @Test
  void saysWhatBecameOfMessagesAndStreams() {
    Report report =
        SampleReport.create()
            .with(
                List.of(new Outcome("cut==0", false, "1, 1 too high")),
                Flaw.all(SampleReport.create(), EnumSet.of(Flaw.UNKNOWN)));

    assertThat(Summary.write(report).lines().map(line -> line.replaceAll(" +", " ").strip()))
        .contains(
            "messages sent 1,020 34.0 msg/s",
            "lost 0",
            "unknown 10 on cut streams, processed or not",
            "unsettled 4 on streams given up at the end",
            "unsent 5 due and never left; in no lateness",
            "counters 1,010 on 1 metrics page, app_message_processed_count_total",
            "busiest event loop 25 % busy, 3 garbage collections of 0.1 s",
            "never opened 2",
            "given up 1",
            "lateness 0.70 0.70 0.70 0.70 0.70 0.70",
            "handoff: age 3",
            "cut after GOAWAY 1",
            "failed: INTERNAL 1",
            "1 INTERNAL: no <disk> left",
            "verdict FAILED failed: 1 call was answered with an error instead of a stream, most"
                + " often with \"INTERNAL: no <disk> left\"",
            "verdict allowed unknown: it is unknown whether 10 messages on cut streams arrived",
            "verdict FAILED unsent: 5 messages were due and never left, 0.5 % of what was asked"
                + " for",
            "on 2 pods at the end, max/mean 1.50 (average 1.35)",
            "assert FAILED cut==0: 1, 1 too high")
        .anyMatch(line -> line.startsWith("note ProcessTextStream answers once, at its end"))
        .noneMatch(line -> line.startsWith("acknowledge"));
  }
}
