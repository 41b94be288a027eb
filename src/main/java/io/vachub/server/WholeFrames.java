package io.vachub.server;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Passes on what arrives up to the end of a frame, and keeps the part of the next one in a buffer
 * of its own. Netty's decoders keep all that arrived with a part, up to a megabyte, until its rest
 * comes, if ever.
 */
final class WholeFrames extends ChannelInboundHandlerAdapter {

  private final FrameFormat format;
  private final PartialFrames parts;

  /** What comes before the first frame, in bytes. */
  private int before;

  /** Whether this is not such frames; what decodes them shall say so. */
  private boolean notFrames;

  /** The beginning of what cannot be passed on yet, or null. */
  private ByteBuf part;

  /** Where in it the frame begins that is not whole. */
  private int frame;

  WholeFrames(FrameFormat format, PartialFrames parts) {
    this.format = format;
    this.parts = parts;
    this.before = format.before();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf arrived = (ByteBuf) message;
    try {
      pass(context, arrived, Math.min(before, arrived.readableBytes()));
      while (part != null && arrived.isReadable()) {
        complete(context, arrived);
      }
      if (part == null) {
        pass(context, arrived, wholeBytes(arrived));
        keep(context, arrived);
      }
    } finally {
      arrived.release();
    }
  }

  private void pass(ChannelHandlerContext context, ByteBuf arrived, int bytes) {
    if (bytes > 0) {
      before -= Math.min(before, bytes);
      context.fireChannelRead(arrived.readRetainedSlice(bytes));
    }
  }

  /** How much of this is whole; sets where in the rest the frame begins that is not. */
  private int wholeBytes(ByteBuf arrived) {
    int begin = arrived.readerIndex();
    int whole = begin;
    int at = begin;
    while (!notFrames) {
      int size = format.frameBytes(arrived, at);
      if (size == FrameFormat.NONE) {
        notFrames = true;
      } else if (size == FrameFormat.UNKNOWN || size > arrived.writerIndex() - at) {
        frame = at - whole;
        return whole - begin;
      } else {
        boolean goesOn = format.goesOn(arrived, at);
        at += size;
        whole = goesOn ? whole : at;
      }
    }
    return arrived.readableBytes();
  }

  private void keep(ChannelHandlerContext context, ByteBuf arrived) {
    if (arrived.isReadable()) {
      part = Unpooled.buffer(arrived.readableBytes()).writeBytes(arrived);
      parts.hold(this, context.channel(), part.capacity());
    }
  }

  /** Takes what the part lacks, as far as it is known, and passes it on if it is whole. */
  private void complete(ChannelHandlerContext context, ByteBuf arrived) {
    int size = format.frameBytes(part, frame);
    int needed = size == FrameFormat.UNKNOWN ? format.headerBytes() : size;
    int missing = frame + needed - part.writerIndex();
    part.writeBytes(arrived, Math.min(missing, arrived.readableBytes()));
    size = format.frameBytes(part, frame);
    if (size == FrameFormat.NONE || part.writerIndex() > FrameFormat.MAX_BYTES) {
      notFrames = true;
      passPart(context);
    } else if (size == FrameFormat.UNKNOWN || frame + size > part.writerIndex()) {
      parts.hold(this, context.channel(), part.capacity());
    } else if (format.goesOn(part, frame)) {
      frame += size;
      parts.hold(this, context.channel(), part.capacity());
    } else {
      passPart(context);
    }
  }

  private void passPart(ChannelHandlerContext context) {
    ByteBuf whole = part;
    part = null;
    parts.release(this);
    context.fireChannelRead(whole);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    if (part != null) {
      part.release();
      part = null;
      parts.release(this);
    }
  }
}
