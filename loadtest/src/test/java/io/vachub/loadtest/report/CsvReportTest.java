package io.vachub.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CsvReportTest {

  private final List<String> lines = CsvReport.write(SampleReport.create()).lines().toList();

  @Test
  void hasAColumnForEachCauseAndPod() {
    assertThat(lines.get(0))
        .startsWith("second,planned_streams,open_streams,max_over_mean,messages_per_second,")
        .contains(",ended_handoff_age,ended_handoff_rebalance,ended_goaway,ended_refused,")
        .endsWith(",\"streams_pod \"\"b\"\",<x>\",streams_pod-a");
  }

  @Test
  void hasARowForEachSampleAndNothingWhereNothingWasTimed() {
    assertThat(lines).hasSize(32);
    assertThat(lines.get(1))
        .startsWith("1.000,20,20,1.000,34.000,0,,,0.500,0.900,,,")
        .endsWith(",0,20");
    assertThat(lines.get(15)).contains(",3,1,1,2,1,").endsWith(",10,30");
  }
}
