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
final class WholeFrames extends ChannelInboundHandlerAdapter implements HeldBytes.Holder {

  /** What a part takes beside its bytes: the objects that keep it. */
  private static final int BYTES_PER_PART = 256;

  private final FrameFormat format;
  private final HeldBytes parts;
  private ChannelHandlerContext context;

  /** What comes before the first frame, in bytes. */
  private int before;

  /** Whether this is not such frames; what decodes them shall say so. */
  private boolean notFrames;

  /** The beginning of what cannot be passed on yet, or null. */
  private ByteBuf part;

  /** Where in it the frame begins that is not whole. */
  private int frame;

  WholeFrames(FrameFormat format, HeldBytes parts) {
    this.format = format;
    this.parts = parts;
    this.before = format.before();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    this.context = context;
  }

  @Override
  public void channelRead(ChannelHandlerContext reading, Object message) {
    ByteBuf arrived = (ByteBuf) message;
    try {
      pass(arrived, Math.min(before, arrived.readableBytes()));
      while (part != null && arrived.isReadable()) {
        complete(arrived);
      }
      if (part == null) {
        pass(arrived, wholeBytes(arrived));
        keep(arrived);
      }
    } finally {
      arrived.release();
    }
  }

  private void pass(ByteBuf arrived, int bytes) {
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

  private void keep(ByteBuf arrived) {
    if (arrived.isReadable()) {
      part = Unpooled.buffer(arrived.readableBytes()).writeBytes(arrived);
      hold();
    }
  }

  /** Takes what the part lacks, as far as it is known, and passes it on if it is whole. */
  private void complete(ByteBuf arrived) {
    int size = format.frameBytes(part, frame);
    int needed = size == FrameFormat.UNKNOWN ? format.headerBytes() : size;
    int missing = frame + needed - part.writerIndex();
    part.writeBytes(arrived, Math.min(missing, arrived.readableBytes()));
    size = format.frameBytes(part, frame);
    if (size == FrameFormat.NONE || part.writerIndex() > FrameFormat.MAX_BYTES) {
      notFrames = true;
      passPart();
    } else if (size == FrameFormat.UNKNOWN || frame + size > part.writerIndex()) {
      hold();
    } else if (format.goesOn(part, frame)) {
      frame += size;
      hold();
    } else {
      passPart();
    }
  }

  private void hold() {
    parts.hold(this, part.capacity() + BYTES_PER_PART);
  }

  @Override
  public void giveWay(long maxBytes) {
    OpenConnections.closeAtOnce(context.channel());
  }

  private void passPart() {
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
