package io.vachub.loadtest.call;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/**
 * A message that a stream sends, encoded once: between sends only some numbers change, in place.
 * gRPC copies the bytes while a message is sent over a stream that is ready, so one message serves
 * a stream for its whole life.
 */
public final class Message extends InputStream implements KnownLength, Drainable {

  private final byte[] bytes;
  private final List<Patch> patches;
  private int position;

  /** A message of these bytes, of which the patches change a part each time. */
  Message(byte[] bytes, List<Patch> patches) {
    this.bytes = bytes;
    this.patches = patches;
  }

  int length() {
    return bytes.length;
  }

  /** This message with this number, counted on its stream from 0. */
  public Message numbered(long number) {
    for (Patch patch : patches) {
      patch.write(bytes, number);
    }
    return this;
  }

  /** A copy that does not change any more. */
  public Message frozen() {
    return new Message(bytes.clone(), List.of());
  }

  /** The same message for another stream. */
  Message another() {
    return new Message(bytes.clone(), patches);
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
