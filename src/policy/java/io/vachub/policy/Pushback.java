package io.vachub.policy;

import java.util.random.RandomGenerator;

/** How long a refused client must wait before it retries: {@code grpc-retry-pushback-ms}. */
public final class Pushback {

  private static final int MIN_FULL_MILLIS = 1_000;
  private static final int MAX_FULL_MILLIS = 3_000;

  /** From this attempt on, a refusal in favour of another pod has a short wait too. */
  private static final int PATIENT_ATTEMPT = 4;

  private static final int PATIENT_MILLIS = 100;

  private Pushback() {}

  /**
   * The wait in milliseconds: 1,000 to 3,000 from a full pod, at random so that clients do not
   * return at once; 0 from a pod that only prefers another pod, and up to 100 once the stream has
   * been refused often.
   *
   * @param attempt how many times in a row this stream was refused before
   */
  public static int millis(RefusalReason reason, int attempt, RandomGenerator random) {
    if (reason == RefusalReason.FULL) {
      return random.nextInt(MIN_FULL_MILLIS, MAX_FULL_MILLIS + 1);
    }
    return attempt < PATIENT_ATTEMPT ? 0 : random.nextInt(PATIENT_MILLIS + 1);
  }
}
