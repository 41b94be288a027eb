package io.vachub.loadtest.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SamplerTest {

  private final Meter one = new Meter();
  private final Meter other = new Meter();
  private final Sampler sampler = new Sampler(List.of(one, other));

  @Test
  void addsUpAllLoopsIntervalByInterval() {
    one.sent(TimeUnit.MILLISECONDS.toNanos(20), 0);
    other.sent(0, 0);
    assertThat(sampler.sample(1, 2)).satisfies(s -> assertThat(s.sent()).isEqualTo(2));

    other.sent(0, 0);
    Sample second = sampler.sample(2, 2);

    assertThat(second.sent()).isEqualTo(1);
    assertThat(second.late()).isZero();
    assertThat(sampler.counts().late()).isEqualTo(1);
    assertThat(sampler.counts().uncorrectedLate()).isZero();
    assertThat(sampler.totals().get(Timing.LATENESS).getTotalCount()).isEqualTo(3);
  }

  @Test
  void aPodWithoutStreamsIsNoPartOfTheSample() {
    one.joined("a");
    other.joined("a");
    PodMeter last = one.joined("b");
    assertThat(sampler.sample(1, 3).streamsByPod()).isEqualTo(Map.of("a", 2L, "b", 1L));

    last.left();

    assertThat(sampler.sample(2, 3).streamsByPod()).isEqualTo(Map.of("a", 2L));
  }

  @Test
  void countsCausesOfTheIntervalOnly() {
    one.ended(Cause.handoff("age"));
    sampler.sample(1, 1);
    other.ended(Cause.handoff("age"));
    other.ended(Cause.RESET);

    Map<Cause, Long> causes = sampler.sample(2, 1).causes();

    assertThat(causes).isEqualTo(Map.of(Cause.handoff("age"), 1L, Cause.RESET, 1L));
    assertThat(sampler.counts().cut()).isEqualTo(1);
    assertThat(sampler.counts().ended(Cause.Kind.HANDOFF)).isEqualTo(2);
  }

  @Test
  void moreThanAnHourCountsAsAnHour() {
    one.record(Timing.RECONNECT_GAP, TimeUnit.DAYS.toNanos(1));

    double max = sampler.sample(1, 1).percentiles().get(Timing.RECONNECT_GAP).max();

    assertThat(max).isBetween(3.599e6, 3.61e6);
  }
}
