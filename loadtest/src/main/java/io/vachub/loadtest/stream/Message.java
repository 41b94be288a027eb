package io.vachub.loadtest.stream;

import com.google.protobuf.CodedOutputStream;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.vachub.proto.TextRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * The message that a stream sends, encoded once: between sends only its number changes, in place.
 * gRPC copies the bytes while a message is sent, so one message serves a stream for its whole life.
 */
final class Message extends InputStream implements KnownLength, Drainable {

  private static final int MAX_DIGITS = 12;

  private final byte[] bytes;
  private final int text;
  private final int digits;
  private int position;

  /** A message of so many bytes of text, from this client and channel. */
  Message(int textBytes, int channelId, String clientId) {
    bytes =
        TextRequest.newBuilder()
            .setMessage(".".repeat(textBytes))
            .setChannelId(channelId)
            .setClientId(clientId)
            .build()
            .toByteArray();
    text = 1 + CodedOutputStream.computeUInt32SizeNoTag(textBytes);
    digits = Math.min(MAX_DIGITS, textBytes);
  }

  /** This message with its text beginning with this number, and leading zeros. */
  Message numbered(long number) {
    long rest = number;
    for (int i = text + digits - 1; i >= text; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    return this;
  }

  @Override
  public int drainTo(OutputStream target) throws IOException {
    int drained = available();
    target.write(bytes, position, drained);
    position = bytes.length;
    return drained;
  }

  @Override
  public int available() {
    return bytes.length - position;
  }

  @Override
  public int read() {
    return position < bytes.length ? bytes[position++] & 0xff : -1;
  }

  /** Hands gRPC the bytes as they are. */
  static final class Marshaller implements MethodDescriptor.Marshaller<Message> {

    @Override
    public InputStream stream(Message message) {
      message.position = 0;
      return message;
    }

    @Override
    public Message parse(InputStream stream) {
      throw new UnsupportedOperationException("a client receives no request");
    }
  }
}
