package io.vachub;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Frames (RFC 9113) and headers (RFC 7541) as HTTP/2 sends them, whether they make sense or not.
 */
public final class Http2Bytes {

  /** A literal that is not put into the table (6.2.2). */
  private static final int NOT_INDEXED = 0;

  /** A literal that is (6.2.1). */
  private static final int INDEXED = 0x40;

  private static final int TABLE_BYTES = 4_096;

  /** What an entry of the table counts beside its name and value (4.1). */
  private static final int ENTRY_BYTES = 32;

  private Http2Bytes() {}

  /** A frame with this payload. */
  public static byte[] frame(int type, int flags, int stream, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
    frame.put((byte) (payload.length >> 16)).putShort((short) payload.length);
    return frame.put((byte) type).put((byte) flags).putInt(stream).put(payload).array();
  }

  /** The headers of a request, with names and values of further ones. */
  public static byte[] headers(String method, String contentType, String... more) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    literal(block, ":method", "POST");
    literal(block, ":scheme", "http");
    literal(block, ":path", "/" + method);
    literal(block, ":authority", "localhost");
    literal(block, "content-type", contentType);
    literal(block, "te", "trailers");
    for (int i = 0; i < more.length; i += 2) {
      literal(block, more[i], more[i + 1]);
    }
    return block.toByteArray();
  }

  /** Headers of two characters each, as many as the default table takes. */
  public static byte[] fullTable() {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (int i = 0; i < TABLE_BYTES / (ENTRY_BYTES + 2); i++) {
      literal(block, INDEXED, Character.toString('a' + i % 26), Character.toString('a' + i / 26));
    }
    return block.toByteArray();
  }

  private static void literal(ByteArrayOutputStream block, String name, String value) {
    literal(block, NOT_INDEXED, name, value);
  }

  private static void literal(ByteArrayOutputStream block, int kind, String name, String value) {
    block.write(kind);
    for (String text : new String[] {name, value}) {
      length(block, text.length());
      block.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  /** In 7 bits, or what is more in further bytes of 7 (5.1). */
  private static void length(ByteArrayOutputStream block, int length) {
    if (length < 127) {
      block.write(length);
      return;
    }
    block.write(127);
    int rest = length - 127;
    for (; rest >= 128; rest >>= 7) {
      block.write(rest & 127 | 128);
    }
    block.write(rest);
  }
}
