package io.vachub.loadtest.account;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SettlementTest {

  @Test
  void aHandoffGivesBackWhatWasNotProcessed() {
    assertThat(Settlement.handedOff(10, 7)).isEqualTo(new Settlement(7, 3, 0, 0, 0));
  }

  @Test
  void aHandoffThatCountsMoreThanWasSentDoubles() {
    assertThat(Settlement.handedOff(10, 12)).isEqualTo(new Settlement(10, 0, 0, 2, 0));
  }

  @Test
  void whatACompletedStreamDidNotProcessIsLost() {
    assertThat(Settlement.completed(10, 9)).isEqualTo(new Settlement(9, 0, 1, 0, 0));
    assertThat(Settlement.completed(10, 11)).isEqualTo(new Settlement(10, 0, 0, 1, 0));
  }

  @Test
  void aCutLeavesOpenWhatWasNotAcknowledged() {
    assertThat(Settlement.cut(10, 0)).isEqualTo(new Settlement(0, 0, 0, 0, 10));
    assertThat(Settlement.cut(10, 8)).isEqualTo(new Settlement(8, 0, 0, 0, 2));
  }
}
