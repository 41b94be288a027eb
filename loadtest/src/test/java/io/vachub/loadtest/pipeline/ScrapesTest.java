package io.vachub.loadtest.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.vachub.loadtest.pipeline.MetricsPipeline.Kind;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ScrapesTest {

  private final Scrapes scrapes =
      new Scrapes(
          new MetricsPipeline(
              Duration.ofSeconds(15), Duration.ofSeconds(40), Duration.ofSeconds(300), Kind.PODS),
          2_000);

  @Test
  void aValueCanBeAskedForOnceItHasArrived() {
    takeUntil(60_000);

    assertThat(scrapes.newest(41_999)).isEmpty();
    assertThat(scrapes.newest(42_000)).hasValue(2);
    assertThat(scrapes.newest(57_000)).hasValue(17);
  }

  @Test
  void theNewestCountsUntilItIsTooOld() {
    takeUntil(20_000);

    assertThat(scrapes.newest(317_000)).hasValue(17);
    assertThat(scrapes.newest(317_001)).isEmpty();
  }

  @Test
  void nothingWasReadOfANewPod() {
    assertThat(scrapes.newest(1_000_000)).isEmpty();
    assertThat(scrapes.nextAt()).isEqualTo(2_000);
  }

  /** Each value is the second at which it was read. */
  private void takeUntil(int millis) {
    while (scrapes.nextAt() <= millis) {
      scrapes.take(scrapes.nextAt() / 1_000);
    }
  }
}
