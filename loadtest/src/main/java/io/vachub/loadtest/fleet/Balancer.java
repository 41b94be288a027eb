package io.vachub.loadtest.fleet;

import java.util.Arrays;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** Chooses a zone for each of the clients' connections, and a pod within it. */
public final class Balancer {

  /** No pod. */
  public static final int NONE = -1;

  /** How a pod is chosen. */
  public enum Choice {
    ROUND_ROBIN,
    RANDOM,
    /** The emptier of two random ones. */
    LEAST_OF_TWO;

    /**
     * Reads {@code round-robin}, {@code random} or {@code least-of-two}.
     *
     * @throws IllegalArgumentException saying what was expected
     */
    public static Choice parse(String text) {
      return Arrays.stream(values())
          .filter(choice -> choice.toString().equals(text))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("round-robin, random or least-of-two"));
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private final Choice choice;
  private final Pods pods;
  private final int[] traffic;
  private final RandomGenerator random;
  private final int[][] routed;
  private final int[] count;
  private final int[] next;
  private int total;

  /**
   * A balancer that knows no pod yet.
   *
   * @param zones how many zones there are
   * @param traffic each zone's share of the connections; empty for as many as it has pods
   */
  public Balancer(Choice choice, Pods pods, int zones, int[] traffic, RandomGenerator random) {
    this.choice = choice;
    this.pods = pods;
    this.traffic = traffic;
    this.random = random;
    this.routed = new int[zones][16];
    this.count = new int[zones];
    this.next = new int[zones];
  }

  /** From now on it sends streams to this pod. */
  public void add(int pod) {
    int zone = pods.zone(pod);
    if (count[zone] == routed[zone].length) {
      routed[zone] = Arrays.copyOf(routed[zone], count[zone] * 2);
    }
    routed[zone][count[zone]++] = pod;
    total++;
  }

  /** From now on it sends no streams to this pod. */
  public void remove(int pod) {
    int zone = pods.zone(pod);
    for (int i = 0; i < count[zone]; i++) {
      if (routed[zone][i] == pod) {
        count[zone]--;
        total--;
        System.arraycopy(routed[zone], i + 1, routed[zone], i, count[zone] - i);
        return;
      }
    }
  }

  /** The zone for a new connection. */
  public int zone() {
    if (count.length == 1) {
      return 0;
    }
    return traffic.length > 0 ? drawn(traffic, Arrays.stream(traffic).sum()) : drawn(count, total);
  }

  /** Streams on a pod of this zone, on average; without a pod as many as can be. */
  public double load(int zone) {
    long open = 0;
    for (int i = 0; i < count[zone]; i++) {
      open += pods.open(routed[zone][i]);
    }
    return count[zone] == 0 ? Double.MAX_VALUE : (double) open / count[zone];
  }

  /** The pod for a new stream, in this zone if it has any; {@link #NONE} if none has. */
  public int pod(int zone) {
    if (total == 0) {
      return NONE;
    }
    int in = count[zone] > 0 ? zone : drawn(count, total);
    int[] candidates = routed[in];
    int many = count[in];
    return switch (choice) {
      case ROUND_ROBIN -> {
        next[in] = next[in] + 1 < many ? next[in] + 1 : 0;
        yield candidates[next[in]];
      }
      case RANDOM -> candidates[random.nextInt(many)];
      case LEAST_OF_TWO -> {
        int a = candidates[random.nextInt(many)];
        int b = candidates[random.nextInt(many)];
        yield pods.open(a) <= pods.open(b) ? a : b;
      }
    };
  }

  private int drawn(int[] weights, int sum) {
    if (sum == 0) {
      return 0;
    }
    int at = random.nextInt(sum);
    int zone = 0;
    while (at >= weights[zone]) {
      at -= weights[zone];
      zone++;
    }
    return zone;
  }
}
