package io.vachub.loadtest.pace;

/**
 * When each message of a stream should be sent: message n at start + n · interval, whatever
 * happened to the messages before it. A late message does not move the ones after it.
 */
public final class Schedule {

  private final long startNanos;
  private final double intervalNanos;

  /** A schedule whose message 0 leaves at {@code startNanos}. */
  public Schedule(long startNanos, double perSecond) {
    this.startNanos = startNanos;
    this.intervalNanos = 1e9 / perSecond;
  }

  /** When the message of this number should be sent. */
  public long dueNanos(long number) {
    return startNanos + (long) (number * intervalNanos);
  }

  /** How many messages should have been sent before this time. */
  public long dueBefore(long nanos) {
    return nanos <= startNanos ? 0 : (long) Math.ceil((nanos - startNanos) / intervalNanos);
  }

  /** How late a message is that is sent now. */
  public long latenessNanos(long number, long nowNanos) {
    return Math.max(0, nowNanos - dueNanos(number));
  }

  /**
   * How late the same message would count where each wait begins at the send before, as in a tool
   * that sleeps between sends: a stall then delays one message only, and the rest goes unseen.
   */
  public long uncorrectedLatenessNanos(long number, long previousSendNanos, long nowNanos) {
    long expected = Math.max(dueNanos(number), previousSendNanos + (long) intervalNanos);
    return Math.max(0, nowNanos - expected);
  }
}
