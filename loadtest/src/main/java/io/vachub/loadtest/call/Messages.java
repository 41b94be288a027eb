package io.vachub.loadtest.call;

import com.google.protobuf.CodedOutputStream;
import io.vachub.loadtest.call.Patch.Encoding;
import io.vachub.loadtest.call.Patch.Value;
import io.vachub.proto.TextRequest;
import java.util.Arrays;
import java.util.List;

/** The messages of one stream, by their number. */
public final class Messages {

  private static final int MAX_DIGITS = 12;

  private final Message[] cycle;

  /** These messages in order, over and over. */
  Messages(List<Message> cycle) {
    this.cycle = cycle.toArray(Message[]::new);
  }

  /** The message of this number, counted on its stream from 0; it is valid until the next. */
  public Message numbered(long number) {
    return cycle[(int) (number % cycle.length)].numbered(number);
  }

  /** The length of the longest of them, encoded, in bytes. */
  public int longest() {
    return Arrays.stream(cycle).mapToInt(Message::length).max().orElse(0);
  }

  /** The source of the messages of a load's streams. */
  public interface Source {

    /**
     * The messages of one stream.
     *
     * @param stream its number within the load, from 0
     * @param channel its channel's number within its client, from 0
     * @param client its client's id
     */
    Messages forStream(int stream, int channel, String client);
  }

  /** The Streamer's messages: so many bytes of text that begin with the message's number. */
  public static Source texts(int bytes) {
    return (stream, channel, client) -> new Messages(List.of(text(bytes, channel, client)));
  }

  static Message text(int bytes, int channel, String client) {
    byte[] encoded =
        TextRequest.newBuilder()
            .setMessage(".".repeat(bytes))
            .setChannelId(channel)
            .setClientId(client)
            .build()
            .toByteArray();
    int offset = 1 + CodedOutputStream.computeUInt32SizeNoTag(bytes);
    int digits = Math.min(MAX_DIGITS, bytes);
    return new Message(encoded, List.of(new Patch(Value.N, Encoding.DECIMAL, offset, digits)));
  }
}
