package io.vachub.cluster;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What a client connects to for streams to the pods. */
enum Target {
  /** The Service: each connection has its pod. */
  SERVICE,
  /** The headless Service: the client goes round the pods. */
  HEADLESS,
  /** A proxy of the cluster's: each stream has its pod. */
  L7;

  /** The load tester's target; empty for the chart's default. */
  String address() {
    return switch (this) {
      case SERVICE -> "";
      case HEADLESS -> "dns:///vac-hub-headless:50051";
      case L7 -> Settings.l7();
    };
  }

  String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  static List<Target> available() {
    return Stream.of(values())
        .filter(target -> target != L7 || !Settings.l7().isEmpty())
        .filter(target -> Settings.targets().isEmpty() || Settings.targets().contains(target.id()))
        .toList();
  }
}
