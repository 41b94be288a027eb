package io.vachub.loadtest.command;

import io.vachub.loadtest.connection.SetupException;
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
    ArgSpec arg = e.getArgSpec();
    String message = e.getMessage();
    if (arg != null && e.getCause() instanceof TypeConversionException expected) {
      String name = arg instanceof OptionSpec option ? option.longestName() : arg.paramLabel();
      message = "%s: %s (expected: %s)".formatted(name, e.getValue(), expected.getMessage());
    }
    if (e instanceof UnmatchedArgumentException unmatched
        && !unmatched.getSuggestions().isEmpty()) {
      message += " (nearest: %s)".formatted(unmatched.getSuggestions().get(0));
    }
    return say(e.getCommandLine(), message);
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
