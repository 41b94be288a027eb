package io.vachub.server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Bounds the bytes that all holders of a kind hold together. Above the bound those give way that
 * have held much for longest.
 */
final class HeldBytes<T> {

  /** No more than this is not worth the lock; what those hold, the limits bound. */
  static final int WORTH_COUNTING = 4 * 1024;

  private final long maxBytes;

  /** The longest so first. Guarded by itself. */
  private final Map<T, Long> held = new LinkedHashMap<>();

  /** Guarded by {@code held}. */
  private long bytes;

  HeldBytes(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  long maxBytes() {
    return maxBytes;
  }

  /** It holds so many bytes from now on, or still; who has to give way and is counted no more. */
  List<T> hold(T holder, long size) {
    synchronized (held) {
      Long before = held.put(holder, size);
      bytes += size - (before == null ? 0 : before);
      if (bytes <= maxBytes) {
        return List.of();
      }
      List<T> giveWay = new ArrayList<>();
      while (bytes > maxBytes) {
        T longest = longest();
        release(longest);
        giveWay.add(longest);
      }
      return giveWay;
    }
  }

  /** It holds nothing any more. */
  void release(T holder) {
    synchronized (held) {
      Long size = held.remove(holder);
      bytes -= size == null ? 0 : size;
    }
  }

  /** The one that holds much, by half of the mean, for longest. */
  private T longest() {
    long much = bytes / held.size() / 2;
    return held.entrySet().stream()
        .filter(entry -> entry.getValue() >= much)
        .findFirst()
        .orElseThrow()
        .getKey();
  }
}
