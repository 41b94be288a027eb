package io.vachub.handoff;

import io.grpc.Attributes;
import io.grpc.ServerTransportFilter;
import java.time.Duration;

/**
 * Records for each connection the earliest time at which grpc-java may have started to count its
 * age. grpc-java starts when it creates the transport; this filter is called after the handshake,
 * at most the handshake timeout later.
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
