package io.vachub.server;

import io.grpc.netty.shaded.io.netty.channel.Channel;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Bounds what all connections of the pod have sent of frames that are not whole. Above the bound
 * the connection is closed whose part has waited for longest.
 */
final class PartialFrames {

  /** What a part takes beside its bytes: the objects that keep it. */
  private static final int BYTES_PER_PART = 256;

  private record Part(Channel connection, int bytes) {}

  private final long maxBytes;

  /** The longest so first. Guarded by itself. */
  private final Map<WholeFrames, Part> parts = new LinkedHashMap<>();

  /** Guarded by {@code parts}. */
  private long bytes;

  PartialFrames(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Someone keeps a part of this size, from now on or still. */
  void hold(WholeFrames holder, Channel connection, int capacity) {
    Part part = new Part(connection, capacity + BYTES_PER_PART);
    Channel closing = null;
    synchronized (parts) {
      Part before = parts.put(holder, part);
      bytes += part.bytes() - (before == null ? 0 : before.bytes());
      if (bytes > maxBytes) {
        Iterator<Part> longest = parts.values().iterator();
        Part oldest = longest.next();
        longest.remove();
        bytes -= oldest.bytes();
        closing = oldest.connection();
      }
    }
    if (closing != null) {
      Channel connectionToClose = closing;
      closing.eventLoop().execute(() -> connectionToClose.unsafe().closeForcibly());
    }
  }

  /** It keeps none any more. */
  void release(WholeFrames holder) {
    synchronized (parts) {
      Part part = parts.remove(holder);
      bytes -= part == null ? 0 : part.bytes();
    }
  }
}
