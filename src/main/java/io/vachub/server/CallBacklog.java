package io.vachub.server;

import io.grpc.Status;
import io.vachub.call.CallTransport;
import java.util.List;

/**
 * What a call has received and its service has not read, and what was answered and its client has
 * not read. Only its transport's thread changes it.
 */
final class CallBacklog extends CallTransport {

  /** What a piece takes beside its bytes: the objects that keep it. */
  private static final int BYTES_PER_PIECE = 128;

  /** gRPC joins more small pieces than these into one. */
  private static final short SEPARATE_PIECES = 1_000;

  /** The flag and the length of each message. */
  private static final int HEADER_BYTES = 5;

  private final CallBacklogs all;

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

  CallBacklog(CallBacklogs all) {
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

  /** Counts what is unread now, and ends the calls that are to give way for it. */
  void countMessages() {
    int pieces = Math.min(older + newer, SEPARATE_PIECES);
    long held = unread + (long) pieces * BYTES_PER_PIECE;
    boolean much = held > HeldBytes.WORTH_COUNTING;
    if (much) {
      count(all.unreadMessages(), "messages", held);
    } else if (messagesCounted) {
      all.unreadMessages().release(this);
    }
    messagesCounted = much;
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
      all.unreadAnswers().release(this);
    }
    return false;
  }

  /** Counts the answers that wait now, and ends the calls that are to give way for them. */
  void countAnswers() {
    answersToCount = false;
    if (unreadAnswers > HeldBytes.WORTH_COUNTING) {
      answersCounted = true;
      count(all.unreadAnswers(), "answers", unreadAnswers);
    }
  }

  private void count(HeldBytes<CallBacklog> held, String what, long bytes) {
    List<CallBacklog> giveWay = held.hold(this, bytes);
    if (!isOpen()) {
      held.release(this);
    }
    for (CallBacklog call : giveWay) {
      call.reset("Unread %s hold more than %d bytes".formatted(what, held.maxBytes()));
    }
  }

  @Override
  public void streamClosed(Status status) {
    super.streamClosed(status);
    all.unreadMessages().release(this);
    all.unreadAnswers().release(this);
  }
}
