package io.vachub.loadtest.fleet;

import io.vachub.loadtest.pipeline.Scrapes;
import io.vachub.policy.Fleet;
import io.vachub.policy.RebalancePlan;
import io.vachub.policy.Revision;
import java.util.ArrayList;
import java.util.List;

/** The pods of a simulated fleet, numbered from 0 in the order in which they are made. */
public final class Pods {

  /** The states of a pod. */
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
    /** It no longer exists. */
    GONE
  }

  private final List<Pod> pods = new ArrayList<>();

  /** Makes a pod of this revision in this zone and returns its number. */
  public int make(int inZone, int limit, Revision itsRevision, RebalancePlan itsPlan) {
    pods.add(new Pod(inZone, limit, itsRevision, itsPlan));
    return pods.size() - 1;
  }

  /** How many were ever made. */
  public int made() {
    return pods.size();
  }

  /** The state of this pod. */
  public State state(int pod) {
    return pods.get(pod).state;
  }

  /** Changes the state of this pod. */
  public void enter(State next, int pod, int nowMillis) {
    Pod entering = pods.get(pod);
    entering.state = next;
    entering.since = nowMillis;
    if (next == State.GONE) {
      entering.plan = null;
      entering.seen = null;
      entering.scrapes = null;
    }
  }

  /** When its state last changed, in milliseconds. */
  public int since(int pod) {
    return pods.get(pod).since;
  }

  /** Whether it accepts connections, if the balancer still sends some. */
  public boolean accepts(int pod) {
    return pods.get(pod).state == State.READY || isLeaving(pod);
  }

  /** Whether it shuts down. */
  public boolean isLeaving(int pod) {
    return pods.get(pod).state == State.QUIET || pods.get(pod).state == State.DRAINING;
  }

  /** Whether it is there and not shutting down: what a Deployment counts. */
  public boolean counts(int pod) {
    return pods.get(pod).state.compareTo(State.READY) <= 0;
  }

  /** Whether it is at its limit. */
  public boolean isFull(int pod) {
    return pods.get(pod).maxActive > 0 && pods.get(pod).open >= pods.get(pod).maxActive;
  }

  /** The zone it is in. */
  public int zone(int pod) {
    return pods.get(pod).zone;
  }

  /** Its open streams. */
  public int open(int pod) {
    return pods.get(pod).open;
  }

  /** Counts a stream in; returns how many are open then. */
  public int opened(int pod) {
    return ++pods.get(pod).open;
  }

  /** Counts a stream out; returns how many are open then. */
  public int closed(int pod) {
    return --pods.get(pod).open;
  }

  /** The balancer's connection to it that takes new streams. */
  public int connection(int pod) {
    return pods.get(pod).connection;
  }

  /** From now on new streams come over this connection. */
  public void connection(int pod, int itsConnection) {
    pods.get(pod).connection = itsConnection;
  }

  /** What it was made from. */
  public Revision revision(int pod) {
    return pods.get(pod).revision;
  }

  /** What it last read of its peers. */
  public Fleet seen(int pod) {
    return pods.get(pod).seen;
  }

  /** It has read this of its peers. */
  public void seen(int pod, Fleet fleet) {
    pods.get(pod).seen = fleet;
  }

  /** How it decides what to shed. */
  public RebalancePlan plan(int pod) {
    return pods.get(pod).plan;
  }

  /** What was read of it; null before it is ready. */
  public Scrapes scrapes(int pod) {
    return pods.get(pod).scrapes;
  }

  /** It is read from now on. */
  public void scrapes(int pod, Scrapes its) {
    pods.get(pod).scrapes = its;
  }

  private static final class Pod {

    private final int zone;
    private final int maxActive;
    private final Revision revision;
    private State state = State.PENDING;
    private int since;
    private int open;
    private int connection = SimulatedConnections.NONE;
    private Fleet seen = Fleet.UNKNOWN;
    private RebalancePlan plan;
    private Scrapes scrapes;

    private Pod(int zone, int maxActive, Revision revision, RebalancePlan plan) {
      this.zone = zone;
      this.maxActive = maxActive;
      this.revision = revision;
      this.plan = plan;
    }
  }
}
