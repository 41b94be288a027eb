package io.vachub.loadtest.simulation;

import io.vachub.loadtest.command.SimulatedSettings;

/** Plays settings through, given as on the command line. */
final class Simulated {

  private Simulated() {}

  static Result of(String... options) {
    return new Simulation(SimulatedSettings.of(options)).run(second -> {});
  }

  /** The last interval. */
  static Interval last(Result result) {
    return result.intervals().get(result.intervals().size() - 1);
  }

  /** The interval of this second. */
  static Interval at(Result result, int second) {
    return result.intervals().stream()
        .filter(interval -> interval.second() == second)
        .findFirst()
        .orElseThrow();
  }
}
