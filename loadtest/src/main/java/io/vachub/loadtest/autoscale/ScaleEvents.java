package io.vachub.loadtest.autoscale;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The changes of the number of pods in one direction, as Kubernetes' controller remembers them: one
 * that is older than the longest period of its own direction's policies is outdated, and makes room
 * for the next. Until then it still counts where the other direction has a longer period.
 */
final class ScaleEvents {

  /**
   * A change by so many pods.
   *
   * @param isOutdated whether the next one may take its place
   */
  record Event(long at, int pods, boolean isOutdated) {}

  private final List<Event> events = new ArrayList<>();

  void add(long now, int pods, Duration longestPeriod) {
    long cutoff = now - longestPeriod.toMillis();
    int last = -1;
    for (int i = 0; i < events.size(); i++) {
      Event event = events.get(i);
      if (event.isOutdated() || event.at() < cutoff) {
        events.set(i, new Event(event.at(), event.pods(), true));
        last = i;
      }
    }
    Event added = new Event(now, pods, false);
    if (last >= 0) {
      events.set(last, added);
    } else {
      events.add(added);
    }
  }

  void restore(Event event) {
    events.add(event);
  }

  /** Pods that were added or taken away after this time. */
  int after(long since) {
    return events.stream().filter(event -> event.at() > since).mapToInt(Event::pods).sum();
  }

  List<Event> all() {
    return List.copyOf(events);
  }
}
