package io.vachub;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes headers as HTTP/2 sends them (RFC 7541), without a table that needs to be kept. */
public final class Hpack {

  private Hpack() {}

  /** A literal header without indexing (6.2.2). */
  public static void literal(ByteArrayOutputStream block, String name, String value) {
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
