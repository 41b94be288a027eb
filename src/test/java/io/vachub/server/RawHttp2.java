package io.vachub.server;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** A client that speaks HTTP/2 as well as it must and gRPC as badly as it likes. */
final class RawHttp2 implements AutoCloseable {

  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int PING = 6;
  private static final int WINDOW_UPDATE = 8;

  private final Socket socket;
  private final DataOutputStream out;
  private final Semaphore window = new Semaphore(65_535);
  private final Set<Integer> reset = ConcurrentHashMap.newKeySet();
  private final Thread reader;
  private int nextStream = 1;

  RawHttp2(int port) throws IOException {
    this(port, new byte[0]);
  }

  /** One that never lets the server send it any data. */
  static RawHttp2 deaf(int port) throws IOException {
    // SETTINGS_INITIAL_WINDOW_SIZE 0
    return new RawHttp2(port, new byte[] {0, 4, 0, 0, 0, 0});
  }

  private RawHttp2(int port, byte[] settings) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    out = new DataOutputStream(socket.getOutputStream());
    out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    frame(SETTINGS, 0, 0, settings);
    reader = new Thread(this::read, "raw-http2");
    reader.setDaemon(true);
    reader.start();
  }

  int localPort() {
    return socket.getLocalPort();
  }

  /** How many of its streams the server has reset. */
  int resets() {
    return reset.size();
  }

  /** Begins a call; its number. */
  int call(String method) throws IOException {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    block.write(0x83); // :method POST
    block.write(0x86); // :scheme http
    literal(block, ":path", "/" + method);
    literal(block, ":authority", "localhost");
    literal(block, "content-type", "application/grpc");
    literal(block, "te", "trailers");
    int stream = nextStream;
    nextStream += 2;
    frame(HEADERS, 4, stream, block.toByteArray());
    return stream;
  }

  private static void literal(ByteArrayOutputStream block, String name, String value) {
    block.write(0);
    for (String text : new String[] {name, value}) {
      block.write(text.length());
      block.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }
  }

  /** Sends this much, in frames as large as may be, as fast as the connection takes it. */
  void data(int stream, byte[] bytes) throws IOException, InterruptedException {
    for (int from = 0; from < bytes.length; from += 16_384) {
      int length = Math.min(16_384, bytes.length - from);
      window.acquire(length);
      byte[] part = new byte[length];
      System.arraycopy(bytes, from, part, 0, length);
      frame(DATA, 0, stream, part);
    }
  }

  private synchronized void frame(int type, int flags, int stream, byte[] payload)
      throws IOException {
    out.writeByte(payload.length >> 16);
    out.writeShort(payload.length);
    out.writeByte(type);
    out.writeByte(flags);
    out.writeInt(stream);
    out.write(payload);
    out.flush();
  }

  private void read() {
    try {
      DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
      while (true) {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        byte[] payload = in.readNBytes(length);
        if (type == SETTINGS && flags == 0) {
          frame(SETTINGS, 1, 0, new byte[0]);
        } else if (type == PING && flags == 0) {
          frame(PING, 1, 0, payload);
        } else if (type == WINDOW_UPDATE && stream == 0) {
          window.release(ByteBuffer.wrap(payload).getInt());
        } else if (type == RST_STREAM) {
          reset.add(stream);
        }
      }
    } catch (IOException e) {
      // The end.
    }
  }

  /** Whether the server has closed the connection. */
  boolean isClosed() {
    return !reader.isAlive();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
