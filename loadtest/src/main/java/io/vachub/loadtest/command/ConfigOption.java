package io.vachub.loadtest.command;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Names a {@link Config}; {@link ConfigurableCommandLine} has read it when the command begins. */
final class ConfigOption {

  @Option(
      names = Config.OPTION,
      paramLabel = "FILE",
      description =
          "Takes options from a YAML file, by their names without dashes, such as rate: 5. What the"
              + " command line says wins.")
  private Path config;
}
