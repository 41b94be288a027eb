package io.vachub.loadtest.fleet;

import java.util.Arrays;

/**
 * Connections to pods: the clients' own behind an L4 balancer, the balancer's behind an L7 one.
 * Numbers are used again once a connection has no stream and nobody opens new ones on it.
 */
public final class SimulatedConnections {

  /** No connection. */
  public static final int NONE = -1;

  private static final int FEW = 64;

  private int[] pod = new int[FEW];
  private int[] start = new int[FEW];
  private int[] goAway = new int[FEW];
  private int[] users = new int[FEW];
  private int[] free = new int[FEW];
  private int freed;
  private int made;

  /**
   * Opens a connection, which counts as used until {@link #leave}.
   *
   * @param goAwayMillis when the server asks it to go
   */
  public int open(int toPod, int nowMillis, int goAwayMillis) {
    int connection = freed > 0 ? free[--freed] : made++;
    if (connection == pod.length) {
      int more = connection * 2;
      pod = Arrays.copyOf(pod, more);
      start = Arrays.copyOf(start, more);
      goAway = Arrays.copyOf(goAway, more);
      users = Arrays.copyOf(users, more);
      free = Arrays.copyOf(free, more);
    }
    pod[connection] = toPod;
    start[connection] = nowMillis;
    goAway[connection] = goAwayMillis;
    users[connection] = 1;
    return connection;
  }

  /** One more stream on it. */
  public void use(int connection) {
    users[connection]++;
  }

  /** One stream less on it, or no new streams any more. */
  public void leave(int connection) {
    if (--users[connection] == 0) {
      free[freed++] = connection;
    }
  }

  /** The pod it leads to. */
  public int pod(int connection) {
    return pod[connection];
  }

  /** When it was opened, in milliseconds. */
  public int start(int connection) {
    return start[connection];
  }

  /** When the server asks it to go, in milliseconds. */
  public int goAway(int connection) {
    return goAway[connection];
  }

  /** The streams on it, while new ones may come. */
  public int streams(int connection) {
    return users[connection] - 1;
  }
}
