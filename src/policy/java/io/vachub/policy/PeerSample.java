package io.vachub.policy;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Which of the peers are asked: all, or a random sample of a large fleet. */
public final class PeerSample {

  /** The largest number of peers that are asked in one reading. */
  public static final int MAX = 32;

  private PeerSample() {}

  /** All of these peers, or {@value #MAX} different ones in random order. */
  public static <T> List<T> of(List<T> peers, RandomGenerator random) {
    if (peers.size() <= MAX) {
      return List.copyOf(peers);
    }
    return IntStream.generate(() -> random.nextInt(peers.size()))
        .distinct()
        .limit(MAX)
        .mapToObj(peers::get)
        .toList();
  }
}
