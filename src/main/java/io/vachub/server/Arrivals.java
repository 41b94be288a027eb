package io.vachub.server;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Connection;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2FrameListener;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Stream;

/**
 * Tells each call what arrives for it on a connection. gRPC tells when a message was read, but not
 * what has arrived: that is seen between Netty's HTTP/2 and gRPC.
 */
final class Arrivals extends Http2FrameListenerDecorator {

  /** Those of the connection whose headers this thread is reading. */
  private static final ThreadLocal<Arrivals> OPENING = new ThreadLocal<>();

  private final Http2Connection connection;
  private final Http2Connection.PropertyKey key;

  /** The stream whose headers are being read, or null. */
  private Http2Stream opening;

  /**
   * Between Netty and gRPC.
   *
   * @param key where each stream has its {@link CallBacklog}
   */
  Arrivals(Http2FrameListener grpc, Http2Connection connection, Http2Connection.PropertyKey key) {
    super(grpc);
    this.connection = connection;
    this.key = key;
  }

  /** The stream whose headers this thread is reading, if any, is this call. */
  static void opened(CallBacklog call) {
    Arrivals arrivals = OPENING.get();
    if (arrivals != null) {
      arrivals.opening.setProperty(arrivals.key, call);
    }
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
    opening = connection.stream(streamId);
    OPENING.set(this);
    try {
      super.onHeadersRead(
          context, streamId, headers, streamDependency, weight, exclusive, padding, endOfStream);
    } finally {
      OPENING.remove();
      opening = null;
    }
  }

  @Override
  public int onDataRead(
      ChannelHandlerContext context, int streamId, ByteBuf data, int padding, boolean endOfStream)
      throws Http2Exception {
    CallBacklog call = connection.stream(streamId).getProperty(key);
    if (call == null) {
      return super.onDataRead(context, streamId, data, padding, endOfStream);
    }
    // What is kept of a buffer keeps all of it, with whatever else has arrived in it.
    ByteBuf piece = Unpooled.copiedBuffer(data);
    call.received(piece.readableBytes());
    try {
      return super.onDataRead(context, streamId, piece, padding, endOfStream);
    } finally {
      call.countMessages();
      piece.release();
    }
  }
}
