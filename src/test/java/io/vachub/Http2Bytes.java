package io.vachub;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Frames (RFC 9113) and headers (RFC 7541) as HTTP/2 sends them, whether they make sense or not.
 */
public final class Http2Bytes {

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

  /** Without indexing (6.2.2), so that no table needs to be kept. */
  private static void literal(ByteArrayOutputStream block, String name, String value) {
    block.write(0);
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
