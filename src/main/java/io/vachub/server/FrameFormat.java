package io.vachub.server;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;

/** How frames follow each other on a connection. */
enum FrameFormat {

  /** Frames of HTTP/2 (RFC 9113, 4.1), as large as a server allows that does not say otherwise. */
  HTTP2(24, 9) {

    private static final int MAX_LENGTH = 16_384;
    private static final int HEADERS = 1;
    private static final int CONTINUATION = 9;
    private static final int END_HEADERS = 4;

    @Override
    int size(ByteBuf bytes, int at) {
      int length = bytes.getUnsignedMedium(at);
      return length > MAX_LENGTH ? NONE : headerBytes() + length;
    }

    /** Headers are decoded together with their continuations. */
    @Override
    boolean goesOn(ByteBuf bytes, int at) {
      byte type = bytes.getByte(at + 3);
      return (type == HEADERS || type == CONTINUATION)
          && (bytes.getByte(at + 4) & END_HEADERS) == 0;
    }
  },

  /** Records of TLS (RFC 8446, 5.1, and RFC 5246, 6.2.3, which allows larger ones). */
  TLS(0, 5) {

    private static final int MAX_LENGTH = 16_384 + 2_048;
    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int APPLICATION_DATA = 23;

    @Override
    int size(ByteBuf bytes, int at) {
      int type = bytes.getByte(at);
      int length = bytes.getUnsignedShort(at + 3);
      return type < CHANGE_CIPHER_SPEC || type > APPLICATION_DATA || length > MAX_LENGTH
          ? NONE
          : headerBytes() + length;
    }

    @Override
    boolean goesOn(ByteBuf bytes, int at) {
      return false;
    }
  };

  /** The size of a frame whose header has not arrived. */
  static final int UNKNOWN = 0;

  /** The size of what is no such frame. */
  static final int NONE = -1;

  /**
   * More than the limits of headers let pass; above it frames that go on are passed as they are.
   */
  static final int MAX_BYTES = 1 << 20;

  private final int before;
  private final int headerBytes;

  FrameFormat(int before, int headerBytes) {
    this.before = before;
    this.headerBytes = headerBytes;
  }

  /** How many bytes come before the first frame. */
  int before() {
    return before;
  }

  int headerBytes() {
    return headerBytes;
  }

  /**
   * The size, header included, of the frame that begins here; {@link #UNKNOWN} or {@link #NONE}.
   */
  final int frameBytes(ByteBuf bytes, int at) {
    return bytes.writerIndex() - at < headerBytes ? UNKNOWN : size(bytes, at);
  }

  abstract int size(ByteBuf bytes, int at);

  /** Whether the next frame belongs to the one that begins here. */
  abstract boolean goesOn(ByteBuf bytes, int at);
}
