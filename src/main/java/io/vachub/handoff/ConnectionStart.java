package io.vachub.handoff;

import io.grpc.Attributes;
import io.grpc.ServerTransportFilter;
import java.time.Duration;

/**
 * Stamps each connection with the earliest instant at which grpc-java may have begun to count its
 * age. It begins when the transport is created, this filter is told when the client has said hello,
 * and at most the handshake timeout lies between the two.
 */
final class ConnectionStart extends ServerTransportFilter {

  /** A {@link System#nanoTime}; absent on transports without connections, such as in-process. */
  static final Attributes.Key<Long> KEY = Attributes.Key.create("vachub-connection-start");

  private final long handshakeTimeoutNanos;

  ConnectionStart(Duration handshakeTimeout) {
    this.handshakeTimeoutNanos = handshakeTimeout.toNanos();
  }

  @Override
  public Attributes transportReady(Attributes attributes) {
    return attributes.toBuilder().set(KEY, System.nanoTime() - handshakeTimeoutNanos).build();
  }
}
