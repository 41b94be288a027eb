package io.vachub.policy;

import java.util.random.RandomGenerator;

/** How long a client that was refused is asked to wait: {@code grpc-retry-pushback-ms}. */
public final class Pushback {

  private static final int MIN_FULL_MILLIS = 1_000;
  private static final int MAX_FULL_MILLIS = 3_000;

  /** From this attempt on a soft refusal asks for a little patience too. */
  private static final int PATIENT_ATTEMPT = 4;

  private static final int PATIENT_MILLIS = 100;

  private Pushback() {}

  /**
   * In milliseconds: from a full pod 1,000 to 3,000, so that the herd is spread; from one that just
   * prefers another pod 0, and up to 100 once the stream has been refused often.
   *
   * @param attempt how often this stream was refused in a row before
   */
  public static int millis(RefusalReason reason, int attempt, RandomGenerator random) {
    if (reason == RefusalReason.FULL) {
      return random.nextInt(MIN_FULL_MILLIS, MAX_FULL_MILLIS + 1);
    }
    return attempt < PATIENT_ATTEMPT ? 0 : random.nextInt(PATIENT_MILLIS + 1);
  }
}
