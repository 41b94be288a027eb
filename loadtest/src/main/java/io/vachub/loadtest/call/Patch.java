package io.vachub.loadtest.call;

import java.util.concurrent.ThreadLocalRandom;

/**
 * A number in an encoded message that changes each time the message is sent, and takes up the same
 * bytes each time.
 *
 * @param value which number
 * @param encoding how it is written
 * @param offset its first byte
 * @param length its bytes
 */
record Patch(Value value, Encoding encoding, int offset, int length) {

  /** What the number is. */
  enum Value {
    /** The message's number on its stream, from 0. */
    N,
    /** Milliseconds since 1970. */
    NOW,
    /** Anything from 0 up. */
    RANDOM;

    long of(long number) {
      return switch (this) {
        case N -> number;
        case NOW -> System.currentTimeMillis();
        case RANDOM -> ThreadLocalRandom.current().nextLong(1L << 53);
      };
    }
  }

  /** How a number is written; a number that is too large for its bytes loses its highest digits. */
  enum Encoding {
    /** Decimal digits, with leading zeros. */
    DECIMAL,
    /** A varint with trailing zero groups, which every protobuf parser takes. */
    VARINT,
    /** The same of a zigzag number. */
    ZIGZAG,
    /** Little endian. */
    FIXED,
    /** A double or a float, little endian. */
    FLOATING
  }

  void write(byte[] bytes, long number) {
    long raw = value.of(number);
    switch (encoding) {
      case DECIMAL -> writeDecimal(bytes, raw);
      case VARINT -> writeVarint(bytes, fitting(raw));
      case ZIGZAG -> writeVarint(bytes, fitting(raw) << 1);
      case FIXED -> writeFixed(bytes, length == 4 ? raw & Integer.MAX_VALUE : raw);
      case FLOATING ->
          writeFixed(
              bytes,
              length == 4
                  ? Float.floatToRawIntBits((float) raw)
                  : Double.doubleToRawLongBits((double) raw));
    }
  }

  /** Within 30 bits where the field has 32, so that it is positive with and without zigzag. */
  private long fitting(long raw) {
    return length <= 5 ? raw & ((1L << 30) - 1) : raw;
  }

  private void writeDecimal(byte[] bytes, long raw) {
    long rest = raw;
    for (int i = offset + length - 1; i >= offset; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }

  private void writeVarint(byte[] bytes, long raw) {
    long rest = raw;
    for (int i = 0; i < length; i++) {
      int more = i < length - 1 ? 0x80 : 0;
      bytes[offset + i] = (byte) (rest & 0x7f | more);
      rest >>>= 7;
    }
  }

  private void writeFixed(byte[] bytes, long raw) {
    for (int i = 0; i < length; i++) {
      bytes[offset + i] = (byte) (raw >>> (8 * i));
    }
  }
}
