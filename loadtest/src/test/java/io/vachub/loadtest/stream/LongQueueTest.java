package io.vachub.loadtest.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LongQueueTest {

  @Test
  void keepsTheOrderWhileItGrowsAroundItsEnd() {
    LongQueue queue = new LongQueue();
    long in = 0;
    long out = 0;
    for (int round = 0; round < 100; round++) {
      for (int i = 0; i < 7; i++) {
        queue.add(in++);
      }
      for (int i = 0; i < 5; i++) {
        assertThat(queue.remove()).isEqualTo(out++);
      }
    }
    while (!queue.isEmpty()) {
      assertThat(queue.remove()).isEqualTo(out++);
    }
    assertThat(out).isEqualTo(in);
  }
}
