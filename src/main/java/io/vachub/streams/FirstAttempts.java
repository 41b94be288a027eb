package io.vachub.streams;

import io.grpc.Attributes;
import io.vachub.policy.Refusal;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The streams of one connection that were turned away in a row, each as its first attempt. A client
 * that does not count its attempts, and keeps its connection, would come back for ever.
 */
final class FirstAttempts {

  static final Attributes.Key<FirstAttempts> KEY = Attributes.Key.create("first-attempts");

  private final AtomicInteger refusedInARow = new AtomicInteger();

  /** The attempt that a stream is taken for which says that it is its {@code attempt}th. */
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
