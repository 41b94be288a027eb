package io.vachub.server;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.vachub.call.CallContext;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Bounds what messages that have begun and do not end hold in memory, over all calls of the pod,
 * health checks and reflection included: above the bound the call ends that has kept one unfinished
 * for longest.
 */
final class UnfinishedMessages extends ServerStreamTracer.Factory {

  /** A message of no more than this is not worth the lock; what those hold, the limits bound. */
  private static final int WORTH_COUNTING = 64 * 1024;

  /** What a piece of a message costs however few its bytes: the buffer that it lies in. */
  private static final int BYTES_PER_PIECE = 1024;

  private final long maxBytes;

  /** Those that are counted, the oldest first. Guarded by itself. */
  private final Set<Message> counted = new LinkedHashSet<>();

  /** Guarded by {@code counted}. */
  private long bytes;

  UnfinishedMessages(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
    return new Message();
  }

  /** The message that a call is receiving. Only its transport's thread changes it. */
  private final class Message extends ServerStreamTracer {

    private Context call;
    private int pending;

    /** What of it is counted. Guarded by {@code counted}. */
    private int charged;

    @Override
    public void serverCallStarted(ServerCallInfo<?, ?> callInfo) {
      call = Context.current();
    }

    @Override
    public void inboundWireSize(long size) {
      pending += (int) Math.max(size, BYTES_PER_PIECE);
      if (pending > WORTH_COUNTING) {
        charge();
      }
    }

    private void charge() {
      Context tooOld = null;
      synchronized (counted) {
        bytes += pending - charged;
        charged = pending;
        counted.add(this);
        if (bytes > maxBytes) {
          Iterator<Message> oldestFirst = counted.iterator();
          Message oldest = oldestFirst.next();
          oldestFirst.remove();
          bytes -= oldest.charged;
          oldest.charged = 0;
          tooOld = oldest.call;
        }
      }
      if (tooOld != null) {
        CallContext.cancel(tooOld, "Unfinished messages hold more than " + maxBytes + " bytes");
      }
    }

    @Override
    public void inboundMessageRead(int sequence, long wireSize, long uncompressedSize) {
      if (pending > WORTH_COUNTING) {
        release();
      }
      pending = 0;
    }

    @Override
    public void streamClosed(Status status) {
      release();
    }

    private void release() {
      synchronized (counted) {
        counted.remove(this);
        bytes -= charged;
        charged = 0;
      }
    }
  }
}
