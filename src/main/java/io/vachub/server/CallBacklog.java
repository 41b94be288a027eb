package io.vachub.server;

import io.grpc.Status;
import io.vachub.call.CallTransport;

/**
 * What a call has received and its service has not read, and what was answered and its client has
 * not read. Only its transport's thread changes it.
 */
final class CallBacklog extends CallTransport implements HeldBytes.Holder {

  /** What a piece takes beside its bytes: the objects that keep it. */
  private static final int BYTES_PER_PIECE = 128;

  /** gRPC joins more small pieces than these into one. */
  private static final short SEPARATE_PIECES = 1_000;

  /** The flag and the length of each message. */
  private static final int HEADER_BYTES = 5;

  /** Where it counts what waits for either end. */
  private final HeldBytes all;

  /** What was received and not read, in bytes, which its window bounds. */
  private int unread;

  /** Pieces are read in their turn: all of these once {@code olderBytes} are. */
  private short older;

  private short newer;
  private int olderBytes;
  private boolean messagesCounted;

  /** What was answered and not read takes so many bytes. */
  private int unreadAnswers;

  private boolean answersCounted;
  private boolean answersToCount;

  CallBacklog(HeldBytes all) {
    this.all = all;
  }

  /** So many bytes have arrived for it; {@link #countMessages} follows once they were passed on. */
  void received(int size) {
    unread += size;
    newer = (short) Math.min(newer + 1, SEPARATE_PIECES);
  }

  @Override
  public void inboundMessageRead(int sequence, long wireSize, long uncompressedSize) {
    int size = HEADER_BYTES + (int) wireSize;
    unread -= size;
    olderBytes -= size;
    if (olderBytes <= 0) {
      older = unread > 0 ? newer : 0;
      newer = 0;
      olderBytes = unread;
    }
    if (messagesCounted) {
      countMessages();
    }
  }

  /** Counts the messages that are unread now, and lets those give way that are to. */
  void countMessages() {
    boolean much = unreadMessages() > HeldBytes.WORTH_COUNTING;
    if (much || messagesCounted) {
      messagesCounted = much;
      count();
    }
  }

  private long unreadMessages() {
    return unread + (long) Math.min(older + newer, SEPARATE_PIECES) * BYTES_PER_PIECE;
  }

  /**
   * Answers that take so many bytes more, or less, wait to be read by the client. Whether {@link
   * #countAnswers} is to follow once those were sent that can be.
   */
  boolean answered(int bytes) {
    unreadAnswers += bytes;
    if (unreadAnswers > HeldBytes.WORTH_COUNTING) {
      boolean first = !answersToCount;
      answersToCount = true;
      return first;
    }
    if (answersCounted) {
      answersCounted = false;
      count();
    }
    return false;
  }

  /** Counts the answers that wait now, and lets those give way that are to. */
  void countAnswers() {
    answersToCount = false;
    if (unreadAnswers > HeldBytes.WORTH_COUNTING) {
      answersCounted = true;
      count();
    }
  }

  private void count() {
    if (messagesCounted || answersCounted) {
      all.hold(
          this, (messagesCounted ? unreadMessages() : 0) + (answersCounted ? unreadAnswers : 0));
    }
    if (!isOpen() || !messagesCounted && !answersCounted) {
      all.release(this);
    }
  }

  @Override
  public void giveWay(long maxBytes) {
    reset("What is unread holds more than %d bytes".formatted(maxBytes));
  }

  @Override
  public void streamClosed(Status status) {
    super.streamClosed(status);
    all.release(this);
  }
}
