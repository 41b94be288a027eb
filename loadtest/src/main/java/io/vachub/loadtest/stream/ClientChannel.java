package io.vachub.loadtest.stream;

import io.grpc.ManagedChannel;
import io.netty.channel.EventLoop;
import io.vachub.loadtest.connection.Dialer;
import java.util.ArrayList;
import java.util.List;

/**
 * One channel of a client, replaced by a new one when a stream must go on over a new connection.
 * Streams still open on a replaced channel stay there until they end. Used on its event loop only.
 */
final class ClientChannel {

  private final Dialer dialer;
  private final EventLoop loop;
  private final List<ManagedChannel> replaced = new ArrayList<>();
  private ManagedChannel current;

  ClientChannel(Dialer dialer, EventLoop loop) {
    this.dialer = dialer;
    this.loop = loop;
  }

  /** The channel that new streams open on. */
  ManagedChannel current() {
    if (current == null) {
      current = dialer.dial(loop);
    }
    return current;
  }

  /** Whether its streams go round the addresses of the target. */
  boolean isRoundRobin() {
    return dialer.isRoundRobin();
  }

  /**
   * Makes the next stream open on another channel than {@code used}. Streams that leave the same
   * channel one after the other share the new one.
   */
  void leave(ManagedChannel used) {
    if (used == current) {
      replaced.removeIf(ManagedChannel::isTerminated);
      replaced.add(current);
      current.shutdown();
      current = null;
    }
  }

  /** Ends every connection and what is still open on it. */
  void close() {
    replaced.forEach(ManagedChannel::shutdownNow);
    if (current != null) {
      current.shutdownNow();
    }
  }
}
