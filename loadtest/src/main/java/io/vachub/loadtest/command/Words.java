package io.vachub.loadtest.command;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The arguments of a command line, before picocli reads them.
 *
 * @param given the options, and the first parameter, that are there
 * @param unknown the first unknown option
 * @param config the file of {@code --config}
 */
record Words(Set<ArgSpec> given, Optional<String> unknown, Optional<String> config) {

  /** Reads the arguments of this command, up to a subcommand. */
  static Words of(CommandSpec command, String... words) {
    Set<ArgSpec> given = new HashSet<>();
    Optional<String> unknown = Optional.empty();
    Optional<String> config = Optional.empty();
    for (int i = 0; i < words.length && !words[i].equals("--"); i++) {
      String[] parts = words[i].split("=", 2);
      OptionSpec option = command.findOption(parts[0]);
      if (option != null) {
        given.add(option);
        boolean apart = parts.length == 1 && option.arity().max() > 0 && i + 1 < words.length;
        String value = apart ? words[++i] : parts[parts.length - 1];
        if (option.longestName().equals(Config.OPTION) && (apart || parts.length == 2)) {
          config = Optional.of(value);
        }
      } else if (parts[0].startsWith("--")) {
        unknown = unknown.or(() -> Optional.of(String.join("=", parts)));
      } else if (!command.subcommands().isEmpty()) {
        break;
      } else {
        given.addAll(command.positionalParameters());
      }
    }
    return new Words(given, unknown, config);
  }
}
