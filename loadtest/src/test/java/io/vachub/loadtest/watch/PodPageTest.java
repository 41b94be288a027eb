package io.vachub.loadtest.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.vachub.loadtest.counters.Exposition;
import org.junit.jupiter.api.Test;

class PodPageTest {

  /** A pod that came late has counted since the reading before it came, not since the beginning. */
  @Test
  void theFirstRateOfALatePodIsOfTheTimeSinceTheReadingBefore() {
    PodPage page = new PodPage("late", true, 60);

    page.read(
        Exposition.parse(
            """
            grpc_server_active_streams 2.0
            app_message_processed_count_total 40.0
            """),
        61);

    assertThat(page.pod().messagesPerSecond()).isEqualTo(40);
  }
}
