package io.vachub.server;

import io.grpc.netty.shaded.io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.vachub.Http2Bytes;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A client that speaks HTTP/2 as well as it must and gRPC as badly as it likes. */
public final class HostileHttp2 implements AutoCloseable {

  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int PING = 6;
  private static final int GOAWAY = 7;
  private static final int WINDOW_UPDATE = 8;
  private static final int CONTINUATION = 9;

  /** Which receivers ignore (RFC 9113, 4.1). */
  private static final int UNKNOWN = 0x20;

  /** SETTINGS_INITIAL_WINDOW_SIZE */
  private static final byte[] WINDOW_OF_0 = {0, 4, 0, 0, 0, 0};

  /** SETTINGS_HEADER_TABLE_SIZE */
  private static final byte[] TABLE_OF_4_GB = {0, 1, -1, -1, -1, -1};

  private final Socket socket;

  /** The same, or what is below TLS. */
  private final Socket transport;

  private final DataOutputStream out;
  private final Semaphore window = new Semaphore(65_535);
  private final Semaphore answered = new Semaphore(0);
  private final Set<Integer> reset = ConcurrentHashMap.newKeySet();
  private final Map<Integer, Integer> headerBytes = new ConcurrentHashMap<>();
  private final Thread reader;
  private int nextStream = 1;

  public HostileHttp2(int port) throws IOException {
    this(connect(port), new byte[0]);
  }

  /** One that never lets the server send it any data. */
  public static HostileHttp2 deaf(int port) throws IOException {
    return new HostileHttp2(connect(port), WINDOW_OF_0);
  }

  /** One that lets the server refer to all headers that it ever sent. */
  public static HostileHttp2 rememberingHeaders(int port) throws IOException {
    return new HostileHttp2(connect(port), TABLE_OF_4_GB);
  }

  /** A deaf one over TLS, whoever the server is. */
  public static HostileHttp2 deafOverTls(int port) throws IOException, GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
    Socket transport = connect(port);
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(transport, "localhost", port, true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    socket.setSSLParameters(parameters);
    return new HostileHttp2(socket, transport, WINDOW_OF_0);
  }

  private static Socket connect(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    return socket;
  }

  /** So many messages of 4 bytes: {@code client_id: "ab"}. */
  public static byte[] messages(int count) {
    byte[] messages = new byte[count * (5 + 4)];
    for (int at = 0; at < messages.length; at += 9) {
      messages[at + 4] = 4;
      System.arraycopy(new byte[] {0x1A, 2, 'a', 'b'}, 0, messages, at + 5, 4);
    }
    return messages;
  }

  /** The beginning of a message that claims to have 4,000,000 bytes. */
  public static byte[] unfinished(int bytes) {
    byte[] message = new byte[bytes];
    message[2] = 0x3D;
    message[3] = 0x09;
    return message;
  }

  private HostileHttp2(Socket socket, byte[] settings) throws IOException {
    this(socket, socket, settings);
  }

  private HostileHttp2(Socket socket, Socket transport, byte[] settings) throws IOException {
    this.socket = socket;
    this.transport = transport;
    out = new DataOutputStream(socket.getOutputStream());
    out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    frame(SETTINGS, 0, 0, settings);
    reader = new Thread(this::read, "raw-http2");
    reader.setDaemon(true);
    reader.start();
  }

  public int localPort() {
    return socket.getLocalPort();
  }

  /** Begins a call, with names and values of further headers; its number. */
  public int call(String method, String... headers) throws IOException {
    return request(method, "application/grpc", headers);
  }

  /** The same for what is no call of gRPC's, if its content type is none. */
  public int request(String method, String contentType, String... headers) throws IOException {
    return open(Http2Bytes.headers(method, contentType, headers));
  }

  /** Opens a stream with headers that fill the table which the server keeps of them. */
  public int callFillingTable(String method) throws IOException {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    block.writeBytes(Http2Bytes.headers(method, "application/grpc"));
    block.writeBytes(Http2Bytes.fullTable());
    return open(block.toByteArray());
  }

  private int open(byte[] headers) throws IOException {
    int stream = nextStream;
    nextStream += 2;
    frame(HEADERS, 4, stream, headers);
    return stream;
  }

  /** Sends this much, in frames as large as may be, as fast as the connection takes it. */
  public void data(int stream, byte[] bytes) throws IOException, InterruptedException {
    pieces(stream, bytes, 16_384);
  }

  /** The same in frames, and packets, of no more than this. */
  public void pieces(int stream, byte[] bytes, int size) throws IOException, InterruptedException {
    for (int from = 0; from < bytes.length; from += size) {
      int length = Math.min(size, bytes.length - from);
      window.acquire(length);
      byte[] part = new byte[length];
      System.arraycopy(bytes, from, part, 0, length);
      frame(DATA, 0, stream, part);
    }
  }

  /** Sends this and much that the server ignores, to be read together. */
  public void amidNoise(int stream, byte[] bytes) throws IOException, InterruptedException {
    window.acquire(bytes.length);
    byte[] noise = new byte[16_384];
    together(
        List.of(
            Http2Bytes.frame(DATA, 0, stream, bytes),
            Http2Bytes.frame(UNKNOWN, 0, 0, noise),
            Http2Bytes.frame(UNKNOWN, 0, 0, noise),
            Http2Bytes.frame(UNKNOWN, 0, 0, noise),
            Http2Bytes.frame(UNKNOWN, 0, 0, noise)));
  }

  /**
   * Sends 256 KB that the server ignores, and so many bytes of one frame more. Waits until the
   * server has had what is whole; whether it has, within 20 seconds.
   */
  public boolean beginFrame(int bytes) throws IOException, InterruptedException {
    byte[] noise = Http2Bytes.frame(UNKNOWN, 0, 0, new byte[16_384]);
    List<byte[]> frames = new ArrayList<>(Collections.nCopies(16, noise));
    frames.add(Http2Bytes.frame(PING, 0, 0, new byte[8]));
    frames.add(Arrays.copyOf(noise, bytes));
    together(frames);
    return answered.tryAcquire(20, TimeUnit.SECONDS);
  }

  /** Sends so many bytes of one frame more, and nothing before. */
  public void beginFrameAlone(int bytes) throws IOException {
    together(List.of(Arrays.copyOf(Http2Bytes.frame(UNKNOWN, 0, 0, new byte[16_384]), bytes)));
  }

  /** As {@link #beginFrame}, but it is a record of TLS that does not end. */
  public void beginRecord(int bytes) throws IOException, InterruptedException {
    beginFrame(0);
    byte[] record = new byte[bytes];
    record[0] = 23;
    record[1] = 3;
    record[2] = 3;
    record[3] = 0x40;
    transport.getOutputStream().write(record);
  }

  /** Begins headers of so many bytes and does not end them. */
  public void beginHeaders(int bytes) throws IOException {
    frame(HEADERS, 0, nextStream, new byte[bytes % 16_384]);
    for (int i = 0; i < bytes / 16_384; i++) {
      frame(CONTINUATION, 0, nextStream, new byte[16_384]);
    }
    nextStream += 2;
  }

  private synchronized void together(List<byte[]> frames) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    frames.forEach(all::writeBytes);
    out.write(all.toByteArray());
    out.flush();
  }

  /**
   * Waits until the server has had all that was sent, so much that it answers a ping after it, or
   * has closed the connection; whether it has, within a minute.
   */
  public boolean awaitRead() throws IOException, InterruptedException {
    frame(PING, 0, 0, new byte[8]);
    return answered.tryAcquire(1, TimeUnit.MINUTES);
  }

  /** Lets the server send so many bytes more on a stream, or on the connection, which is 0. */
  public void take(int stream, int bytes) throws IOException {
    frame(WINDOW_UPDATE, 0, stream, ByteBuffer.allocate(4).putInt(bytes).array());
  }

  /** Cancels a call. */
  public void reset(int stream) throws IOException {
    frame(RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
  }

  /** Half-closes a call. */
  public void halfClose(int stream) throws IOException {
    frame(DATA, 1, stream, new byte[0]);
  }

  /** Half-closes a call, and goes on to send all the same, for which the server resets it. */
  public void dataAfterTheEnd(int stream) throws IOException {
    halfClose(stream);
    frame(DATA, 0, stream, new byte[1]);
  }

  /** Sends so many frames without anything in them. */
  public void nothing(int stream, int frames) throws IOException {
    for (int i = 0; i < frames; i++) {
      frame(DATA, 0, stream, new byte[0]);
    }
  }

  /** How many bytes the headers took that the server has sent, by stream. */
  public Map<Integer, Integer> headerBytes() {
    return headerBytes;
  }

  /** Which of its streams the server has reset. */
  public Set<Integer> reset() {
    return reset;
  }

  private synchronized void frame(int type, int flags, int stream, byte[] payload)
      throws IOException {
    out.write(Http2Bytes.frame(type, flags, stream, payload));
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
        } else if (type == PING) {
          answered.release();
        } else if (type == WINDOW_UPDATE && stream == 0) {
          window.release(ByteBuffer.wrap(payload).getInt());
        } else if (type == GOAWAY) {
          return;
        } else if (type == RST_STREAM) {
          reset.add(stream);
        } else if (type == HEADERS) {
          headerBytes.merge(stream, length, Integer::sum);
        }
      }
    } catch (IOException e) {
      // The end.
    } finally {
      // Who waits for it is to see the end as well.
      window.release(Integer.MAX_VALUE / 2);
      answered.release();
    }
  }

  /** Whether the server has closed the connection, or said that it will. */
  public boolean isClosed() {
    return !reader.isAlive();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
