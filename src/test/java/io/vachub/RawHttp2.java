package io.vachub;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A client that writes HTTP/2 frames as it likes, to do what no gRPC library does (RFC 9113). It
 * reads nothing, and so answers no ping.
 */
public final class RawHttp2 implements AutoCloseable {

  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;
  private static final int SETTINGS_INITIAL_WINDOW_SIZE = 4;

  private final Socket socket;

  /** Connects and says hello. */
  public RawHttp2(int port) {
    try {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket
          .getOutputStream()
          .write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    frame(SETTINGS, 0, 0, new byte[0]);
  }

  /** Lets the server send no body on any stream. */
  public RawHttp2 takingNothing() {
    byte[] setting =
        ByteBuffer.allocate(6).putShort((short) SETTINGS_INITIAL_WINDOW_SIZE).putInt(0).array();
    return frame(SETTINGS, 0, 0, setting);
  }

  /** Opens a gRPC call, by an odd number that no call on this connection had. */
  public RawHttp2 call(int stream, String method, String... headers) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    header(block, ":method", "POST");
    header(block, ":scheme", "http");
    header(block, ":path", "/" + method);
    header(block, ":authority", "localhost");
    header(block, "content-type", "application/grpc");
    header(block, "te", "trailers");
    for (int i = 0; i < headers.length; i += 2) {
      header(block, headers[i], headers[i + 1]);
    }
    return frame(HEADERS, END_HEADERS, stream, block.toByteArray());
  }

  /** Sends bytes as they are, which may be no gRPC message. */
  public RawHttp2 data(int stream, byte[] bytes) {
    return frame(DATA, 0, stream, bytes);
  }

  /** Sends bytes and half-closes. */
  public RawHttp2 lastData(int stream, byte[] bytes) {
    return frame(DATA, END_STREAM, stream, bytes);
  }

  /** Ends a stream as a proxy does whose time is up. */
  public RawHttp2 reset(int stream, int errorCode) {
    return frame(RST_STREAM, 0, stream, ByteBuffer.allocate(4).putInt(errorCode).array());
  }

  /** A gRPC message of these bytes. */
  public static byte[] message(byte[] bytes) {
    return ByteBuffer.allocate(5 + bytes.length)
        .put((byte) 0)
        .putInt(bytes.length)
        .put(bytes)
        .array();
  }

  /** A literal header without indexing (RFC 7541, 6.2.2), shorter than 127 bytes each. */
  private static void header(ByteArrayOutputStream block, String name, String value) {
    block.write(0);
    block.write(name.length());
    block.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
    block.write(value.length());
    block.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
  }

  private RawHttp2 frame(int type, int flags, int stream, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
    frame.put((byte) (payload.length >> 16)).putShort((short) payload.length);
    frame.put((byte) type).put((byte) flags).putInt(stream).put(payload);
    try {
      socket.getOutputStream().write(frame.array());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
