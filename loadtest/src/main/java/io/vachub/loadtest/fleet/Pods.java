package io.vachub.loadtest.fleet;

import io.vachub.loadtest.road.Scrapes;
import io.vachub.policy.Fleet;
import io.vachub.policy.RebalancePlan;
import io.vachub.policy.Revision;
import java.util.Arrays;

/** The pods of a simulated fleet, numbered from 0 in the order in which they are made. */
public final class Pods {

  /** How far a pod is. */
  public enum State {
    /** Waits for a node. */
    PENDING,
    /** Runs, and is not ready yet. */
    STARTING,
    /** Serves. */
    READY,
    /** Shuts down, and still takes streams. */
    QUIET,
    /** Shuts down, and hands its streams off. */
    DRAINING,
    /** No more. */
    GONE
  }

  private static final int FEW = 16;

  private State[] state = new State[FEW];
  private int[] zone = new int[FEW];
  private int[] open = new int[FEW];
  private int[] maxActive = new int[FEW];
  private int[] since = new int[FEW];
  private int[] connection = new int[FEW];
  private Revision[] revision = new Revision[FEW];
  private Fleet[] seen = new Fleet[FEW];
  private RebalancePlan[] plan = new RebalancePlan[FEW];
  private Scrapes[] scrapes = new Scrapes[FEW];
  private int made;

  /** Makes a pod of this revision in this zone and returns its number. */
  public int make(int inZone, int limit, Revision itsRevision, RebalancePlan itsPlan) {
    if (made == state.length) {
      int more = made * 2;
      state = Arrays.copyOf(state, more);
      zone = Arrays.copyOf(zone, more);
      open = Arrays.copyOf(open, more);
      maxActive = Arrays.copyOf(maxActive, more);
      since = Arrays.copyOf(since, more);
      connection = Arrays.copyOf(connection, more);
      revision = Arrays.copyOf(revision, more);
      seen = Arrays.copyOf(seen, more);
      plan = Arrays.copyOf(plan, more);
      scrapes = Arrays.copyOf(scrapes, more);
    }
    state[made] = State.PENDING;
    zone[made] = inZone;
    maxActive[made] = limit;
    connection[made] = SimulatedConnections.NONE;
    revision[made] = itsRevision;
    seen[made] = Fleet.UNKNOWN;
    plan[made] = itsPlan;
    return made++;
  }

  /** How many were ever made. */
  public int made() {
    return made;
  }

  /** How far this pod is. */
  public State state(int pod) {
    return state[pod];
  }

  /** This pod is so far, from now on. */
  public void enter(State next, int pod, int nowMillis) {
    state[pod] = next;
    since[pod] = nowMillis;
    if (next == State.GONE) {
      plan[pod] = null;
      seen[pod] = null;
      scrapes[pod] = null;
    }
  }

  /** When it came so far, in milliseconds. */
  public int since(int pod) {
    return since[pod];
  }

  /** Whether new streams reach it if the balancer sends some. */
  public boolean accepts(int pod) {
    return state[pod] == State.READY || isLeaving(pod);
  }

  /** Whether it shuts down. */
  public boolean isLeaving(int pod) {
    return state[pod] == State.QUIET || state[pod] == State.DRAINING;
  }

  /** Whether it is there and not shutting down: what a Deployment counts. */
  public boolean counts(int pod) {
    return state[pod].compareTo(State.READY) <= 0;
  }

  /** Whether it is at its limit. */
  public boolean isFull(int pod) {
    return maxActive[pod] > 0 && open[pod] >= maxActive[pod];
  }

  /** The zone it is in. */
  public int zone(int pod) {
    return zone[pod];
  }

  /** Its open streams. */
  public int open(int pod) {
    return open[pod];
  }

  /** Counts a stream in; returns how many are open then. */
  public int opened(int pod) {
    return ++open[pod];
  }

  /** Counts a stream out; returns how many are open then. */
  public int closed(int pod) {
    return --open[pod];
  }

  /** The balancer's connection to it that takes new streams. */
  public int connection(int pod) {
    return connection[pod];
  }

  /** From now on new streams come over this connection. */
  public void connection(int pod, int itsConnection) {
    connection[pod] = itsConnection;
  }

  /** What it was made from. */
  public Revision revision(int pod) {
    return revision[pod];
  }

  /** What it last read of its peers. */
  public Fleet seen(int pod) {
    return seen[pod];
  }

  /** It has read this of its peers. */
  public void seen(int pod, Fleet fleet) {
    seen[pod] = fleet;
  }

  /** How it decides what to shed. */
  public RebalancePlan plan(int pod) {
    return plan[pod];
  }

  /** What was read of it; null before it is ready. */
  public Scrapes scrapes(int pod) {
    return scrapes[pod];
  }

  /** It is read from now on. */
  public void scrapes(int pod, Scrapes its) {
    scrapes[pod] = its;
  }
}
