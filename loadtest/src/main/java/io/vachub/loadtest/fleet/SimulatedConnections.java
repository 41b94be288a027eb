package io.vachub.loadtest.fleet;

import java.util.ArrayList;
import java.util.List;

/**
 * Connections to pods: the clients' own behind an L4 balancer, the balancer's behind an L7 one.
 * Numbers are used again once a connection has no stream and nobody opens new ones on it.
 */
public final class SimulatedConnections {

  /** No connection. */
  public static final int NONE = -1;

  private final List<Connection> connections = new ArrayList<>();
  private Connection free;

  /**
   * Opens a connection, which counts as used until {@link #leave}.
   *
   * @param goAwayMillis when the server asks it to go
   */
  public int open(int toPod, int nowMillis, int goAwayMillis) {
    Connection opened = free;
    if (opened == null) {
      opened = new Connection(connections.size());
      connections.add(opened);
    } else {
      free = opened.nextFree;
    }
    opened.pod = toPod;
    opened.start = nowMillis;
    opened.goAway = goAwayMillis;
    opened.users = 1;
    return opened.number;
  }

  /** One more stream on it. */
  public void use(int connection) {
    connections.get(connection).users++;
  }

  /** One stream less on it, or no new streams any more. */
  public void leave(int connection) {
    Connection left = connections.get(connection);
    if (--left.users == 0) {
      left.nextFree = free;
      free = left;
    }
  }

  /** The pod it leads to. */
  public int pod(int connection) {
    return connections.get(connection).pod;
  }

  /** When it was opened, in milliseconds. */
  public int start(int connection) {
    return connections.get(connection).start;
  }

  /** When the server asks it to go, in milliseconds. */
  public int goAway(int connection) {
    return connections.get(connection).goAway;
  }

  /** The streams on it, while new ones may come. */
  public int streams(int connection) {
    return connections.get(connection).users - 1;
  }

  private static final class Connection {

    private final int number;
    private int pod;
    private int start;
    private int goAway;
    private int users;
    private Connection nextFree;

    private Connection(int number) {
      this.number = number;
    }
  }
}
