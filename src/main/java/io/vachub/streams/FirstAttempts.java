package io.vachub.streams;

import io.grpc.Attributes;
import io.vachub.policy.Refusal;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the streams of one connection that were refused in a row, each as its first attempt.
 * Without this, a client that does not count its attempts and keeps its connection would be refused
 * for ever.
 */
final class FirstAttempts {

  static final Attributes.Key<FirstAttempts> KEY = Attributes.Key.create("first-attempts");

  private final AtomicInteger refusedInARow = new AtomicInteger();

  /**
   * The attempt as which a stream is treated whose client says that it is attempt {@code attempt}.
   */
  int attempt(int attempt) {
    return attempt == 0 && refusedInARow.get() >= Refusal.MAX_ATTEMPTS
        ? Refusal.MAX_ATTEMPTS
        : attempt;
  }

  void refused(int attempt) {
    if (attempt == 0) {
      refusedInARow.incrementAndGet();
    }
  }

  void accepted() {
    refusedInARow.set(0);
  }
}
