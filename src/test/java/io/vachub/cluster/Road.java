package io.vachub.cluster;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** A way for streams to the pods. */
enum Road {
  /** The Service: each connection has its pod. */
  SERVICE,
  /** The headless Service: the client goes round the pods. */
  HEADLESS,
  /** A proxy of the cluster's: each stream has its pod. */
  L7;

  /** The load tester's target; empty for what the chart itself names. */
  String target() {
    return switch (this) {
      case SERVICE -> "";
      case HEADLESS -> "dns:///vac-hub-headless:50051";
      case L7 -> Settings.l7();
    };
  }

  String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  static List<Road> available() {
    return Stream.of(values())
        .filter(road -> road != L7 || !Settings.l7().isEmpty())
        .filter(road -> Settings.roads().isEmpty() || Settings.roads().contains(road.id()))
        .toList();
  }
}
