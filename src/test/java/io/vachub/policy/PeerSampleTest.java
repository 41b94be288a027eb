package io.vachub.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PeerSampleTest {

  private final SplittableRandom random = new SplittableRandom(1);

  @Test
  void asksAllOfASmallFleet() {
    assertThat(PeerSample.of(numbers(32), random)).containsExactlyElementsOf(numbers(32));
    assertThat(PeerSample.of(List.of(), random)).isEmpty();
  }

  @Test
  void asksADifferentSampleOfALargeFleetEachTime() {
    Set<Integer> asked = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      List<Integer> sample = PeerSample.of(numbers(100), random);
      assertThat(sample).hasSize(32).doesNotHaveDuplicates();
      asked.addAll(sample);
    }
    assertThat(asked).hasSize(100);
  }

  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }
}
