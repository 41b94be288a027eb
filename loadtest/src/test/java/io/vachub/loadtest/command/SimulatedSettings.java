package io.vachub.loadtest.command;

import io.vachub.loadtest.connection.SetupException;
import io.vachub.loadtest.simulation.Settings;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Settings of a simulation, given as on the command line. */
public final class SimulatedSettings {

  private SimulatedSettings() {}

  public static Settings of(String... options) {
    SimulationOptions parsed = new SimulationOptions();
    new CommandLine(CommandSpec.forAnnotatedObject(parsed)).parseArgs(options);
    try {
      return parsed.settings();
    } catch (SetupException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
