package io.vachub.server;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Connection;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2FrameListener;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Stream;
import io.vachub.call.CallTransport;
import java.util.List;

/**
 * Bounds what calls have been sent and have not read, over all calls of the pod, health checks and
 * reflection included: messages that have begun and do not end, and those that wait because the
 * service asks for none. Above the bound the call ends that has held much for longest. HTTP/2's
 * windows bound each call alone, and the bytes, not what they take.
 *
 * <p>gRPC tells when a message was read, but not what has arrived: that is seen between Netty's
 * HTTP/2 and gRPC.
 */
final class UnreadMessages extends CallTransport.Factory {

  /** No more than this is not worth the lock; what those hold, the limits bound. */
  private static final int WORTH_COUNTING = 4 * 1024;

  /** What a piece takes beside its bytes: the objects that keep it. */
  private static final int BYTES_PER_PIECE = 128;

  /** gRPC joins more small pieces than these into one. */
  private static final int SEPARATE_PIECES = 1_000;

  /** The flag and the length of each message. */
  private static final int HEADER_BYTES = 5;

  /** The call whose headers this thread is reading. */
  private static final ThreadLocal<Unread> OPENING = new ThreadLocal<>();

  private final HeldBytes<Unread> counted;

  UnreadMessages(long maxBytes) {
    counted = new HeldBytes<>(maxBytes);
  }

  /** Watches what arrives on a connection. */
  void watch(Http2ConnectionHandler http2) {
    http2
        .decoder()
        .frameListener(new Arrivals(http2.decoder().frameListener(), http2.connection()));
  }

  @Override
  public CallTransport newServerStreamTracer(String fullMethodName, Metadata headers) {
    Unread unread = new Unread();
    OPENING.set(unread);
    return unread;
  }

  /** What a call has received and not read. Only its transport's thread changes it. */
  private final class Unread extends CallTransport {

    /** In bytes, which its window bounds. */
    private int unread;

    /** Pieces are read in their turn: all of these once {@code olderBytes} are. */
    private int older;

    private int olderBytes;
    private int newer;

    /** What of it was counted last, in bytes. */
    private int charged;

    void received(int size) {
      unread += size;
      newer++;
    }

    @Override
    public void inboundMessageRead(int sequence, long wireSize, long uncompressedSize) {
      int size = HEADER_BYTES + (int) wireSize;
      unread -= size;
      olderBytes -= size;
      if (olderBytes <= 0) {
        older = unread > 0 ? newer : 0;
        newer = 0;
        olderBytes = unread;
      }
      if (charged > 0) {
        count();
      }
    }

    /** Counts what is unread now, and ends the calls that are to give way for it. */
    void count() {
      int pieces = Math.min(older + newer, SEPARATE_PIECES);
      long held = unread + (long) pieces * BYTES_PER_PIECE;
      int charge = held > WORTH_COUNTING ? (int) Math.min(held, Integer.MAX_VALUE) : 0;
      if (charge == charged) {
        return;
      }
      charged = charge;
      if (charge == 0) {
        counted.release(this);
        return;
      }
      List<Unread> giveWay = counted.hold(this, charge);
      if (!isOpen()) {
        counted.release(this);
      }
      giveWay.forEach(Unread::giveWay);
    }

    private void giveWay() {
      reset("Unread messages hold more than " + counted.maxBytes() + " bytes");
    }

    @Override
    public void streamClosed(Status status) {
      super.streamClosed(status);
      counted.release(this);
    }
  }

  /** Tells each call what arrives for it. */
  private static final class Arrivals extends Http2FrameListenerDecorator {

    private final Http2Connection connection;
    private final Http2Connection.PropertyKey key;

    Arrivals(Http2FrameListener grpc, Http2Connection connection) {
      super(grpc);
      this.connection = connection;
      key = connection.newKey();
    }

    @Override
    public void onHeadersRead(
        ChannelHandlerContext context,
        int streamId,
        Http2Headers headers,
        int streamDependency,
        short weight,
        boolean exclusive,
        int padding,
        boolean endOfStream)
        throws Http2Exception {
      super.onHeadersRead(
          context, streamId, headers, streamDependency, weight, exclusive, padding, endOfStream);
      Unread opened = OPENING.get();
      OPENING.remove();
      Http2Stream stream = connection.stream(streamId);
      if (opened != null && stream != null) {
        stream.setProperty(key, opened);
      }
    }

    @Override
    public int onDataRead(
        ChannelHandlerContext context, int streamId, ByteBuf data, int padding, boolean endOfStream)
        throws Http2Exception {
      Unread unread = connection.stream(streamId).getProperty(key);
      if (unread == null) {
        return super.onDataRead(context, streamId, data, padding, endOfStream);
      }
      // What is kept of a buffer keeps all of it, with whatever else has arrived in it.
      ByteBuf piece = Unpooled.copiedBuffer(data);
      unread.received(piece.readableBytes());
      try {
        return super.onDataRead(context, streamId, piece, padding, endOfStream);
      } finally {
        unread.count();
        piece.release();
      }
    }
  }
}
