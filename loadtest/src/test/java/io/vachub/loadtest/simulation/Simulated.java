package io.vachub.loadtest.simulation;

import io.vachub.loadtest.command.SimulatedSettings;

/** Plays settings through, given as on the command line. */
final class Simulated {

  private Simulated() {}

  static Result of(String... options) {
    return new Simulation(SimulatedSettings.of(options)).run(second -> {});
  }
}
