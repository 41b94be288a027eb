package io.vachub.loadtest.fleet;

import java.util.Arrays;

/**
 * The streams of a load, one after the other in each of a fixed number of lanes. Each pod's open
 * streams are a list, the oldest first. It is kept in arrays of plain numbers: there may be ten
 * million.
 */
public final class Streams {

  /** No lane. */
  public static final int NONE = -1;

  /** What a lane does. */
  public enum State {
    /** Nothing; it has no stream yet. */
    IDLE,
    /** It waits to open a stream. */
    WAITING,
    /** Its stream is open. */
    OPEN
  }

  private static final byte IDLE = 0;
  private static final byte WAITING = 1;
  private static final byte OPEN = 2;

  private static final SimulatedEnding[] ENDINGS = SimulatedEnding.values();

  private final byte[] state;
  private final int[] connection;
  private final int[] openedAt;
  private final int[] completesAt;
  private final byte[] ending;
  private final byte[] failures;
  private final byte[] refusals;
  private final byte[] generation;
  private final int[] older;
  private final int[] younger;
  private int[] oldest = new int[0];
  private int[] youngest = new int[0];

  /** So many lanes, all idle. */
  public Streams(int lanes) {
    state = new byte[lanes];
    connection = new int[lanes];
    openedAt = new int[lanes];
    completesAt = new int[lanes];
    ending = new byte[lanes];
    failures = new byte[lanes];
    refusals = new byte[lanes];
    generation = new byte[lanes];
    older = new int[lanes];
    younger = new int[lanes];
  }

  /** What the lane does. */
  public State state(int lane) {
    return state[lane] == OPEN ? State.OPEN : state[lane] == WAITING ? State.WAITING : State.IDLE;
  }

  /** It waits from now on. */
  public void waits(int lane) {
    state[lane] = WAITING;
  }

  /** It does nothing from now on. */
  public void rests(int lane) {
    state[lane] = IDLE;
    failures[lane] = 0;
    refusals[lane] = 0;
  }

  /** Its stream opens on this pod, as the youngest there. */
  public void opens(int lane, int pod, int overConnection, byte clientGeneration, int nowMillis) {
    if (pod >= oldest.length) {
      int before = oldest.length;
      oldest = Arrays.copyOf(oldest, pod * 2 + 16);
      youngest = Arrays.copyOf(youngest, oldest.length);
      Arrays.fill(oldest, before, oldest.length, NONE);
      Arrays.fill(youngest, before, oldest.length, NONE);
    }
    state[lane] = OPEN;
    connection[lane] = overConnection;
    generation[lane] = clientGeneration;
    openedAt[lane] = nowMillis;
    failures[lane] = 0;
    refusals[lane] = 0;
    older[lane] = youngest[pod];
    younger[lane] = NONE;
    if (youngest[pod] == NONE) {
      oldest[pod] = lane;
    } else {
      younger[youngest[pod]] = lane;
    }
    youngest[pod] = lane;
  }

  /** Its stream, which is on this pod, is over. */
  public void closes(int lane, int pod) {
    if (older[lane] == NONE) {
      oldest[pod] = younger[lane];
    } else {
      younger[older[lane]] = younger[lane];
    }
    if (younger[lane] == NONE) {
      youngest[pod] = older[lane];
    } else {
      older[younger[lane]] = older[lane];
    }
    state[lane] = WAITING;
  }

  /** The lane of the oldest stream on this pod. */
  public int oldest(int pod) {
    return pod < oldest.length ? oldest[pod] : NONE;
  }

  /** The lane of the next younger stream on the same pod. */
  public int younger(int lane) {
    return younger[lane];
  }

  /** When its stream opened, in milliseconds. */
  public int openedAt(int lane) {
    return openedAt[lane];
  }

  /** The connection that its stream is on. */
  public int connection(int lane) {
    return connection[lane];
  }

  /** The client's connection that its stream was opened over, as a number that goes round. */
  public byte generation(int lane) {
    return generation[lane];
  }

  /** When the client is done with its stream, however often it was handed off, in milliseconds. */
  public int completesAt(int lane) {
    return completesAt[lane];
  }

  /** The client is done with it then. */
  public void completesAt(int lane, int millis) {
    completesAt[lane] = millis;
  }

  /** How its stream is about to end. */
  public SimulatedEnding ending(int lane) {
    return ENDINGS[ending[lane]];
  }

  /** Its stream is about to end so. */
  public void ending(int lane, SimulatedEnding how) {
    ending[lane] = (byte) how.ordinal();
  }

  /** How often it was refused since a stream last opened. */
  public int refusals(int lane) {
    return refusals[lane];
  }

  /** Counts a refusal. */
  public void refused(int lane) {
    if (refusals[lane] < Byte.MAX_VALUE) {
      refusals[lane]++;
    }
  }

  /** Counts a failure to open; returns how many there were before it since one opened. */
  public int failed(int lane) {
    return failures[lane] < Byte.MAX_VALUE ? failures[lane]++ : failures[lane];
  }
}
