package io.vachub.server;

import io.grpc.netty.shaded.io.netty.channel.Channel;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Bounds what all connections of the pod have sent of frames that are not whole. Above the bound
 * the connection is closed that has held much for longest.
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
    synchronized (parts) {
      Part before = parts.put(holder, part);
      bytes += part.bytes() - (before == null ? 0 : before.bytes());
      while (bytes > maxBytes) {
        close(longest().connection());
      }
    }
  }

  /** Takes out the one that holds much, by half of the mean, for longest. */
  private Part longest() {
    long much = bytes / parts.size() / 2;
    WholeFrames holder =
        parts.entrySet().stream()
            .filter(entry -> entry.getValue().bytes() >= much)
            .findFirst()
            .orElseThrow()
            .getKey();
    return remove(holder);
  }

  private Part remove(WholeFrames holder) {
    Part part = parts.remove(holder);
    bytes -= part == null ? 0 : part.bytes();
    return part;
  }

  /** Not by its pipeline, where HTTP/2 would wait for its streams to end. */
  private static void close(Channel connection) {
    connection
        .eventLoop()
        .execute(() -> connection.unsafe().close(connection.unsafe().voidPromise()));
  }

  /** It keeps none any more. */
  void release(WholeFrames holder) {
    synchronized (parts) {
      remove(holder);
    }
  }
}
