package io.vachub.server;

import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Connection;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Error;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells each call what waits on a connection until its client has room for it, which is all in
 * Netty's hands between gRPC and the socket.
 */
final class Departures implements Http2RemoteFlowController {

  private final Http2RemoteFlowController netty;
  private final Http2Connection.PropertyKey key;

  /** The calls that were answered much since the connection was flushed. */
  private final List<CallBacklog> answered = new ArrayList<>();

  /**
   * In front of Netty's.
   *
   * @param key where each stream has its {@link CallBacklog}
   */
  Departures(Http2RemoteFlowController netty, Http2Connection.PropertyKey key) {
    this.netty = netty;
    this.key = key;
  }

  @Override
  public void addFlowControlled(Http2Stream stream, FlowControlled frame) {
    CallBacklog call = stream.getProperty(key);
    boolean data = frame.size() > 0;
    if (data && call != null) {
      netty.addFlowControlled(stream, new Answer(frame, call));
    } else if (data && !netty.isWritable(stream)) {
      frame.error(netty.channelHandlerContext(), noCall(stream));
    } else {
      netty.addFlowControlled(stream, frame);
    }
  }

  /** What is no call gets an answer like "Content-Type 'x' is not supported", if it reads. */
  private static Http2Exception noCall(Http2Stream stream) {
    return Http2Exception.streamError(
        stream.id(), Http2Error.ENHANCE_YOUR_CALM, "There is no room for the answer");
  }

  @Override
  public boolean hasFlowControlled(Http2Stream stream) {
    return netty.hasFlowControlled(stream);
  }

  @Override
  public void writePendingBytes() throws Http2Exception {
    netty.writePendingBytes();
    if (!answered.isEmpty()) {
      answered.forEach(CallBacklog::countAnswers);
      answered.clear();
    }
  }

  @Override
  public boolean isWritable(Http2Stream stream) {
    return netty.isWritable(stream);
  }

  @Override
  public void channelWritabilityChanged() throws Http2Exception {
    netty.channelWritabilityChanged();
  }

  @Override
  public void listener(Listener listener) {
    netty.listener(listener);
  }

  @Override
  public void updateDependencyTree(int child, int parent, short weight, boolean exclusive) {
    netty.updateDependencyTree(child, parent, weight, exclusive);
  }

  @Override
  public void channelHandlerContext(ChannelHandlerContext context) throws Http2Exception {
    netty.channelHandlerContext(context);
  }

  @Override
  public ChannelHandlerContext channelHandlerContext() {
    return netty.channelHandlerContext();
  }

  @Override
  public void initialWindowSize(int bytes) throws Http2Exception {
    netty.initialWindowSize(bytes);
  }

  @Override
  public int initialWindowSize() {
    return netty.initialWindowSize();
  }

  @Override
  public int windowSize(Http2Stream stream) {
    return netty.windowSize(stream);
  }

  @Override
  public void incrementWindowSize(Http2Stream stream, int bytes) throws Http2Exception {
    netty.incrementWindowSize(stream, bytes);
  }

  /** What a call has answered, until it is written or will never be. */
  private final class Answer implements FlowControlled {

    /** What it takes beside its bytes: the objects that keep it. */
    private static final int BYTES_PER_ANSWER = 200;

    private final FlowControlled frame;
    private final CallBacklog call;

    /** What it was counted with, in bytes. */
    private int counted;

    Answer(FlowControlled frame, CallBacklog call) {
      this.frame = frame;
      this.call = call;
      count(frame.size() + BYTES_PER_ANSWER);
    }

    private void count(int bytes) {
      int before = counted;
      counted = bytes;
      if (call.answered(bytes - before)) {
        answered.add(call);
      }
    }

    @Override
    public int size() {
      return frame.size();
    }

    @Override
    public void write(ChannelHandlerContext context, int allowedBytes) {
      int before = frame.size();
      frame.write(context, allowedBytes);
      count(frame.size() == 0 ? 0 : counted - (before - frame.size()));
    }

    @Override
    public void writeComplete() {
      frame.writeComplete();
    }

    @Override
    public void error(ChannelHandlerContext context, Throwable cause) {
      count(0);
      frame.error(context, cause);
    }

    @Override
    public boolean merge(ChannelHandlerContext context, FlowControlled next) {
      if (!(next instanceof Answer answer)) {
        return frame.merge(context, next);
      }
      boolean merged = frame.merge(context, answer.frame);
      if (merged) {
        // Counted already, and from now on with this one.
        counted += answer.counted;
      }
      return merged;
    }
  }
}
