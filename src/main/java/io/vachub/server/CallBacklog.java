package io.vachub.server;

import io.grpc.Status;
import io.vachub.call.CallTransport;
import java.util.List;

/**
 * What a call has received and its service has not read, and what was answered and its client has
 * not read. Only its transport's thread changes it.
 */
final class CallBacklog extends CallTransport {

  /** No more than this is not worth the lock; what those hold, the limits bound. */
  private static final int WORTH_COUNTING = 4 * 1024;

  /** What a piece takes beside its bytes: the objects that keep it. */
  private static final int BYTES_PER_PIECE = 128;

  /** gRPC joins more small pieces than these into one. */
  private static final short SEPARATE_PIECES = 1_000;

  /** The flag and the length of each message. */
  private static final int HEADER_BYTES = 5;

  private final HeldBytes<CallBacklog> messages;
  private final HeldBytes<CallBacklog> answers;

  /** What was received and not read, in bytes, which its window bounds. */
  private int unread;

  /** Pieces are read in their turn: all of these once {@code olderBytes} are. */
  private short older;

  private short newer;
  private int olderBytes;

  /** What of it was counted last, in bytes. */
  private int charged;

  /** What was answered and not read takes so many bytes. */
  private int unreadAnswers;

  CallBacklog(HeldBytes<CallBacklog> messages, HeldBytes<CallBacklog> answers) {
    this.messages = messages;
    this.answers = answers;
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
    if (charged > 0) {
      countMessages();
    }
  }

  /** Counts what is unread now, and ends the calls that are to give way for it. */
  void countMessages() {
    int pieces = Math.min(older + newer, SEPARATE_PIECES);
    long held = unread + (long) pieces * BYTES_PER_PIECE;
    int charge = held > WORTH_COUNTING ? (int) Math.min(held, Integer.MAX_VALUE) : 0;
    if (charge != charged) {
      charged = charge;
      count(messages, "messages", charge);
    }
  }

  /** Answers that take so many bytes more, or less, wait to be read by the client. */
  void answered(int bytes) {
    boolean counted = unreadAnswers > WORTH_COUNTING;
    unreadAnswers += bytes;
    if (unreadAnswers > WORTH_COUNTING) {
      count(answers, "answers", unreadAnswers);
    } else if (counted) {
      count(answers, "answers", 0);
    }
  }

  private void count(HeldBytes<CallBacklog> held, String what, int bytes) {
    if (bytes == 0) {
      held.release(this);
      return;
    }
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
    messages.release(this);
    answers.release(this);
  }
}
