package io.vachub.loadtest.command;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * A command line that may be partly in a file, which the subcommand's {@code --config} names. What
 * is on the command line itself has precedence.
 */
public final class ConfigurableCommandLine extends CommandLine {

  /** Of a command with subcommands. */
  public ConfigurableCommandLine(Object command) {
    super(command);
  }

  @Override
  public ParseResult parseArgs(String... args) {
    CommandLine subcommand = args.length == 0 ? null : getSubcommands().get(args[0]);
    if (subcommand == null) {
      return super.parseArgs(args);
    }
    List<String> rest = Arrays.asList(args).subList(1, args.length);
    Words given = Words.of(subcommand.getCommandSpec(), rest.toArray(String[]::new));
    if (given.config().isEmpty()) {
      return super.parseArgs(args);
    }
    Config config = Config.read(subcommand, given.config().get(), given);
    List<String> words = new ArrayList<>(List.of(args[0]));
    words.addAll(config.words());
    words.addAll(rest);
    try {
      return super.parseArgs(words.toArray(String[]::new));
    } catch (ParameterException e) {
      throw config.explain(e);
    }
  }
}
