package io.vachub.server;

import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelFutureListener;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelOutboundBuffer;
import io.grpc.netty.shaded.io.netty.channel.ChannelOutboundHandlerAdapter;

/**
 * Bounds what waits for the sockets of all connections because their peers do not read: headers,
 * resets, acknowledgements, and what of the answers HTTP/2's windows let pass. Above the bound the
 * connection is closed that has held much for longest.
 */
final class ConnectionBacklog extends ChannelOutboundHandlerAdapter implements HeldBytes.Holder {

  /**
   * What a buffer takes beside its bytes and what Netty adds to them; a frame has two. More is kept
   * by the last one of a call, whose stream cannot end before.
   */
  private static final int BYTES_PER_BUFFER = 256;

  private final Channel connection;
  private final HeldBytes unwritten;

  /** Whether this is told when what waits now is written. */
  private boolean counted;

  ConnectionBacklog(Channel connection, HeldBytes unwritten) {
    this.connection = connection;
    this.unwritten = unwritten;
  }

  @Override
  public void flush(ChannelHandlerContext context) {
    context.flush();
    count(context);
  }

  private void count(ChannelHandlerContext context) {
    ChannelOutboundBuffer waiting = connection.unsafe().outboundBuffer();
    if (waiting == null || waiting.totalPendingWriteBytes() <= HeldBytes.WORTH_COUNTING) {
      return;
    }
    long bytes = waiting.totalPendingWriteBytes() + (long) waiting.size() * BYTES_PER_BUFFER;
    unwritten.hold(this, bytes);
    if (!counted) {
      counted = true;
      context
          .writeAndFlush(Unpooled.EMPTY_BUFFER)
          .addListener((ChannelFutureListener) written -> release(context));
    }
  }

  /** What has been written since, if anything, is counted again. */
  private void release(ChannelHandlerContext context) {
    counted = false;
    unwritten.release(this);
    count(context);
  }

  @Override
  public void giveWay(long maxBytes) {
    OpenConnections.closeAtOnce(connection);
  }
}
