package io.vachub.loadtest.command;

import io.vachub.loadtest.connection.SetupException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in one sentence what is wrong with a command line or a set-up. */
public final class ErrorMessages implements IParameterExceptionHandler, IExecutionExceptionHandler {

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    return say(e.getCommandLine(), unknownOption(e.getCommandLine(), args).orElseGet(() -> of(e)));
  }

  /** The value that is wrong, and what was expected. */
  static String of(ParameterException e) {
    ArgSpec arg = e.getArgSpec();
    String message = e.getMessage();
    if (arg != null && e.getCause() instanceof TypeConversionException expected) {
      String name = arg instanceof OptionSpec option ? option.longestName() : arg.paramLabel();
      message = "%s: %s (expected: %s)".formatted(name, e.getValue(), expected.getMessage());
    }
    if (e instanceof UnmatchedArgumentException unmatched
        && !unmatched.getCommandLine().getSubcommands().isEmpty()
        && !unmatched.getUnmatched().get(0).startsWith("-")) {
      return "%s (expected: %s)"
          .formatted(
              unmatched.getUnmatched().get(0),
              String.join(", ", unmatched.getCommandLine().getSubcommands().keySet()));
    }
    if (e instanceof UnmatchedArgumentException unmatched
        && !unmatched.getSuggestions().isEmpty()) {
      message += " (nearest: %s)".formatted(unmatched.getSuggestions().get(0));
    }
    return message;
  }

  /** The existing name that is most similar to an unknown one, or empty if none is similar. */
  static Optional<String> nearest(CommandLine command, String unknown) {
    return new UnmatchedArgumentException(command, List.of(unknown))
        .getSuggestions().stream().findFirst();
  }

  /**
   * An option that there is not, said before anything else: its value would be taken for a target,
   * or the target be missed.
   */
  private static Optional<String> unknownOption(CommandLine command, String[] args) {
    return Words.of(command.getCommandSpec(), args)
        .unknown()
        .map(unknown -> of(new UnmatchedArgumentException(command, List.of(unknown))));
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult result)
      throws Exception {
    if (e instanceof SetupException) {
      return say(command, e.getMessage());
    }
    throw e;
  }

  private static int say(CommandLine command, String message) {
    command.getErr().println(message);
    command.getErr().flush();
    return ExitCode.SETUP_ERROR;
  }
}
