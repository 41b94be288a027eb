package io.vachub.server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Bounds the bytes that all holders hold together, whatever they hold. Above the bound those give
 * way that have held much for longest.
 */
final class HeldBytes {

  /** Who holds some. */
  interface Holder {

    /** Ends what holds them, because all together hold more than this. */
    void giveWay(long maxBytes);
  }

  /** No more than this is not worth the lock; what those hold, the limits bound. */
  static final int WORTH_COUNTING = 4 * 1024;

  private final long maxBytes;

  /** The longest so first. Guarded by itself. */
  private final Map<Holder, Long> held = new LinkedHashMap<>();

  /** Guarded by {@code held}. */
  private long bytes;

  HeldBytes(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** It holds so many bytes from now on, or still. Who has to give way is counted no more. */
  void hold(Holder holder, long size) {
    record(holder, size).forEach(gives -> gives.giveWay(maxBytes));
  }

  /** Who has to give way. */
  private List<Holder> record(Holder holder, long size) {
    synchronized (held) {
      Long before = held.put(holder, size);
      bytes += size - (before == null ? 0 : before);
      if (bytes <= maxBytes) {
        return List.of();
      }
      List<Holder> giveWay = new ArrayList<>();
      while (bytes > maxBytes) {
        Holder longest = longest();
        release(longest);
        giveWay.add(longest);
      }
      return giveWay;
    }
  }

  /** It holds nothing any more. */
  void release(Holder holder) {
    synchronized (held) {
      Long size = held.remove(holder);
      bytes -= size == null ? 0 : size;
    }
  }

  /** The one that holds much, by half of the mean, for longest. */
  private Holder longest() {
    long much = bytes / held.size() / 2;
    return held.entrySet().stream()
        .filter(entry -> entry.getValue() >= much)
        .findFirst()
        .orElseThrow()
        .getKey();
  }
}
