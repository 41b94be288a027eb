package io.vachub.policy;

import io.vachub.policy.RebalancePlan.Pace;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.IntSupplier;

/**
 * Pods, each with a plan of its own and a clock that ticks at another moment, behind a balancer. No
 * stream ends but by a plan.
 */
final class FleetSimulation {

  private static final long MIN_STREAM_AGE = Duration.ofSeconds(30).toNanos();

  private record Event(long at, long order, Runnable what) {}

  private final Duration interval;
  private final List<RebalancePlan> plans = new ArrayList<>();

  /** When each pod's streams started, the oldest first. */
  private final List<Deque<Long>> pods = new ArrayList<>();

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
  private IntSupplier balancer;
  private long now;
  private long order;
  private int moved;
  private int next;

  FleetSimulation(int size, boolean random, long seed, Duration interval, Duration window) {
    this.interval = interval;
    Random dice = new Random(seed);
    balancer = random ? () -> dice.nextInt(size) : () -> next++ % size;
    for (int i = 0; i < size; i++) {
      int pod = i;
      plans.add(new RebalancePlan(new Pace(0.1, interval, window, 1)));
      pods.add(new ArrayDeque<>());
      schedule((long) (dice.nextDouble() * interval.toNanos()), () -> tick(pod));
    }
  }

  /** From now on every stream that is opened goes to this pod. */
  void sendAllTo(int pod) {
    balancer = () -> pod;
  }

  /** Streams that the first pod has had for long. */
  void openOnFirst(int streams) {
    for (int i = 0; i < streams; i++) {
      pods.get(0).add(now - MIN_STREAM_AGE);
    }
  }

  /** Returns how many streams were moved meanwhile. */
  int run(Duration time) {
    long end = now + time.toNanos();
    moved = 0;
    while (events.element().at() <= end) {
      Event event = events.remove();
      now = event.at();
      event.what().run();
    }
    now = end;
    return moved;
  }

  double maxOverMean() {
    int most = pods.stream().mapToInt(Deque::size).max().orElseThrow();
    return most / pods.stream().mapToInt(Deque::size).average().orElseThrow();
  }

  private void tick(int pod) {
    int own = pods.get(pod).size();
    List<Integer> others = new ArrayList<>(pods.stream().map(Deque::size).toList());
    others.remove(pod);
    int share =
        plans
            .get(pod)
            .toShed(
                now,
                own,
                new Fleet(others.size(), others.size(), others.size(), others, List.of(), 0));
    if (share > 0) {
      int old = (int) pods.get(pod).stream().filter(start -> start <= now - MIN_STREAM_AGE).count();
      int streams = Math.min(share, old);
      plans.get(pod).handedOff(now, own, streams);
      for (int i = 0; i < streams; i++) {
        schedule(now + i * interval.toNanos() / streams, () -> move(pod));
      }
    }
    schedule(now + interval.toNanos(), () -> tick(pod));
  }

  private void move(int from) {
    pods.get(from).remove();
    pods.get(balancer.getAsInt()).add(now);
    moved++;
  }

  private void schedule(long at, Runnable what) {
    events.add(new Event(at, order++, what));
  }
}
