package io.vachub.loadtest.autoscale;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose CPU says nothing yet, as {@code groupPods} of Kubernetes' controller sorts them. */
class PodCpuTest {

  private static final long INITIALIZATION = 300_000;
  private static final long READINESS_DELAY = 30_000;
  private static final long WINDOW = 60_000;

  @ParameterizedTest
  @CsvSource({
    // started, ready, changed, sampled, unready
    "    ,   true,  100000,      0, true",
    "1000,   true,        ,      0, true",
    // Within its initialization: until it was ready for all of the window.
    "299999, false, 290000,      0, true",
    "200000, true,   60000,      1, true",
    "200000, true,   60000,      0, false",
    "200000, true,   59999,      0, true",
    "200000, true,  100000,  40000, false",
    // Later: only if it was never ready.
    "300000, true,       1,      0, false",
    "300000, false, 270000,      0, false",
    "300000, false, 270001,      0, true",
    "900000, false,   1000,      0, false",
  })
  void saysNothingYet(Long started, boolean ready, Long changed, long sampled, boolean unready) {
    PodCpu pod =
        new PodCpu(
            PodMetric.Phase.RUNNING,
            100,
            OptionalLong.of(50),
            sampled,
            WINDOW,
            started == null ? OptionalLong.empty() : OptionalLong.of(started),
            ready,
            changed == null ? OptionalLong.empty() : OptionalLong.of(changed));

    assertThat(pod.isUnready(INITIALIZATION, READINESS_DELAY)).isEqualTo(unready);
  }
}
