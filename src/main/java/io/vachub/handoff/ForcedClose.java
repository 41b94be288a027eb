package io.vachub.handoff;

import io.grpc.Attributes;
import io.vachub.call.ServerSettings;
import io.vachub.policy.HandoffSchedule.ConnectionAge;
import java.time.Duration;
import java.util.Optional;

/**
 * Whether the server may close a connection by force: at the end of a shutdown, or after its
 * maximum age and grace period. The transport reports this like a connection that broke.
 */
public class ForcedClose {

  private final Optional<ConnectionAge> connectionAge;
  private volatile boolean shutDownNow;

  ForcedClose(ServerSettings server) {
    this.connectionAge = HandoffConfiguration.connectionAge(server, Duration.ZERO);
  }

  /** Call this before all connections are closed at once. */
  public void shuttingDownNow() {
    shutDownNow = true;
  }

  /** Whether a connection with these attributes may be closed by force now. */
  boolean isDue(Attributes connection, long streamStartNanos) {
    if (shutDownNow) {
      return true;
    }
    Long connectionStart = connection.get(ConnectionStart.KEY);
    return connectionStart != null
        && connectionAge
            .map(limit -> limit.latestEnd(connectionStart, streamStartNanos))
            .filter(earliestForcedClose -> System.nanoTime() - earliestForcedClose >= 0)
            .isPresent();
  }
}
