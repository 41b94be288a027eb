package io.vachub;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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

  /** Which receivers ignore (RFC 9113, 4.1). */
  private static final int UNKNOWN = 0x20;

  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;
  private static final int SETTINGS_INITIAL_WINDOW_SIZE = 4;

  private static final String GRPC = "application/grpc";

  /** It reads nothing, so not much is to be kept for it. */
  private static final int RECEIVED_BYTES = 4_096;

  private final Socket socket;

  /** Connects and says hello. */
  public RawHttp2(int port) {
    try {
      socket = new Socket();
      socket.setReceiveBufferSize(RECEIVED_BYTES);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
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
    return frame(HEADERS, END_HEADERS, stream, Http2Bytes.headers(method, GRPC, headers));
  }

  /** Makes so many calls at once, the first on this connection, each of a method of its own. */
  public RawHttp2 calls(int count, String method) {
    ByteArrayOutputStream calls = new ByteArrayOutputStream();
    for (int i = 0; i < count; i++) {
      byte[] headers = Http2Bytes.headers(method + i, GRPC);
      calls.writeBytes(Http2Bytes.frame(HEADERS, END_HEADERS | END_STREAM, 2 * i + 1, headers));
    }
    return write(calls.toByteArray());
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

  /** Whether the server has closed the connection: it takes not even what it ignores. */
  public boolean isClosed() {
    try {
      // The first may reach a peer that is gone, and then the socket knows.
      frame(UNKNOWN, 0, 0, new byte[0]);
      frame(UNKNOWN, 0, 0, new byte[0]);
      return false;
    } catch (UncheckedIOException e) {
      return true;
    }
  }

  /** A gRPC message of these bytes. */
  public static byte[] message(byte[] bytes) {
    return ByteBuffer.allocate(5 + bytes.length)
        .put((byte) 0)
        .putInt(bytes.length)
        .put(bytes)
        .array();
  }

  private RawHttp2 frame(int type, int flags, int stream, byte[] payload) {
    return write(Http2Bytes.frame(type, flags, stream, payload));
  }

  private RawHttp2 write(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
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
