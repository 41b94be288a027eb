package io.vachub.loadtest.stream;

/** A first-in first-out queue of longs without boxing. */
final class LongQueue {

  private long[] ring = new long[16];
  private int head;
  private int size;

  void add(long value) {
    if (size == ring.length) {
      grow();
    }
    ring[(head + size) & (ring.length - 1)] = value;
    size++;
  }

  long remove() {
    long value = ring[head];
    head = (head + 1) & (ring.length - 1);
    size--;
    return value;
  }

  boolean isEmpty() {
    return size == 0;
  }

  private void grow() {
    long[] larger = new long[ring.length * 2];
    for (int i = 0; i < size; i++) {
      larger[i] = ring[(head + i) & (ring.length - 1)];
    }
    ring = larger;
    head = 0;
  }
}
