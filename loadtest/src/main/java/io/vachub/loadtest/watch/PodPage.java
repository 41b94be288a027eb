package io.vachub.loadtest.watch;

import io.vachub.loadtest.counters.Exposition;
import io.vachub.loadtest.measure.Cause;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The values of one pod's metrics page. */
final class PodPage {

  static final String STREAMS = "grpc_server_active_streams";
  private static final String CONNECTIONS = "grpc_server_connections";
  private static final String ACCEPTING = "vachub_pod_accepting";
  private static final String MESSAGES = "app_message_processed_count_total";
  private static final String HANDED_OFF = "vachub_streams_handed_off_total";
  private static final String REFUSED = "vachub_streams_rejected_total";
  private static final String ENDED = "vachub_streams_ended_total";

  /** All that is read. */
  static final List<String> METRICS =
      List.of(STREAMS, CONNECTIONS, ACCEPTING, MESSAGES, HANDED_OFF, REFUSED, ENDED);

  private final String name;
  private final Map<Object, Double> last = new HashMap<>();
  private final Map<Cause, Long> causes = new TreeMap<>();
  private boolean fromZero;
  private Pod.State state = Pod.State.SILENT;
  private long streams;
  private long connections;
  private boolean accepting = true;
  private long messages;
  private double messagesPerSecond;
  private double lastSeconds;

  /**
   * A pod of this name.
   *
   * @param fromZero whether it began after the watch, so that all that it counted is news
   * @param since the time from which on its first reading counts
   */
  PodPage(String name, boolean fromZero, double since) {
    this.name = name;
    this.lastSeconds = since;
    this.fromZero = fromZero;
  }

  /** Adds a reading of this time; false if the page has no count of streams. */
  boolean read(List<Exposition.Series> page, double seconds) {
    if (page.stream().noneMatch(series -> series.name().equals(STREAMS))) {
      miss(true);
      return false;
    }
    Map<Object, Double> now = new HashMap<>();
    accepting = true;
    connections = 0;
    for (Exposition.Series series : page) {
      switch (series.name()) {
        case STREAMS -> streams = Math.round(series.value());
        case CONNECTIONS -> connections = Math.round(series.value());
        case ACCEPTING -> accepting = series.value() > 0;
        default ->
            key(series).ifPresent(counter -> now.merge(counter, series.value(), Double::sum));
      }
    }
    long before = messages;
    now.forEach(this::rise);
    double interval = seconds - lastSeconds;
    messagesPerSecond = interval > 0 ? (messages - before) / interval : 0;
    lastSeconds = seconds;
    fromZero = true;
    state = Pod.State.ANSWERS;
    return true;
  }

  /** Records that the page did not answer. */
  void miss(boolean known) {
    state = known ? Pod.State.SILENT : Pod.State.GONE;
    streams = 0;
    connections = 0;
    messagesPerSecond = 0;
  }

  Pod pod() {
    return new Pod(
        name,
        state,
        streams,
        connections,
        accepting,
        messagesPerSecond,
        messages,
        new TreeMap<>(causes));
  }

  /** A counter that fell was reset with its process. */
  private void rise(Object counter, double value) {
    double before = last.getOrDefault(counter, fromZero ? 0 : value);
    long rise = Math.round(value >= before ? value - before : value);
    last.put(counter, value);
    if (counter instanceof Cause cause && rise > 0) {
      causes.merge(cause, rise, Long::sum);
    } else if (counter.equals(MESSAGES)) {
      messages += rise;
    }
  }

  private static Optional<Object> key(Exposition.Series series) {
    return switch (series.name()) {
      case MESSAGES -> Optional.of(MESSAGES);
      case HANDED_OFF ->
          Optional.of(Cause.handoff(series.labels().getOrDefault("reason", "unnamed")));
      case REFUSED -> Optional.of(Cause.refused(series.labels().getOrDefault("reason", "")));
      case ENDED -> ending(series.labels().getOrDefault("ending", ""));
      default -> Optional.empty();
    };
  }

  /** What ended well is no cause; what the server did to a stream is a cut. */
  private static Optional<Object> ending(String ending) {
    return switch (ending) {
      case "completed", "handed_off" -> Optional.empty();
      case "server_error" -> Optional.of(Cause.cut("server_error"));
      case "forced" -> Optional.of(Cause.cut("force"));
      default -> Optional.of(Cause.left(ending));
    };
  }
}
