package io.vachub.loadtest.command;

import io.vachub.loadtest.connection.SetupException;
import io.vachub.loadtest.simulation.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** All combinations of settings that one command line asks for. */
final class Variants {

  /** The label of the settings as given. */
  static final String AS_GIVEN = "as given";

  private static final CommandSpec SIMULATION =
      CommandSpec.forAnnotatedObject(new SimulationOptions());

  private final CommandLine command;
  private final List<String> given;

  /** Variants of what this command line was given for {@link SimulationOptions}. */
  Variants(CommandLine command) {
    this.command = command;
    this.given =
        command.getParseResult().matchedOptions().stream()
            .filter(Variants::isOfSimulation)
            .map(option -> option.longestName() + "=" + option.originalStringValues().get(0))
            .toList();
  }

  /** What was given, as one line. */
  String given() {
    return String.join(" ", given);
  }

  /**
   * All of them by their labels, in order.
   *
   * @param compared options to compare with those given, such as {@code "--rebalance off"}
   * @param varied {@code NAME=A,B}: each of these values, in each combination
   */
  Map<String, Settings> all(List<String> compared, List<String> varied) throws SetupException {
    Map<String, Settings> all = new LinkedHashMap<>();
    List<List<String>> combinations = combinations(varied);
    for (List<String> combination : combinations) {
      all.put(
          combination.isEmpty() ? AS_GIVEN : label(combination), settings(combination, "--vary"));
    }
    for (String side : compared) {
      List<String> options = Arrays.asList(side.strip().split("\\s+"));
      for (List<String> combination : combinations) {
        List<String> both = new ArrayList<>(combination);
        both.addAll(options);
        String label = side.strip() + (combination.isEmpty() ? "" : " " + label(combination));
        all.put(label, settings(both, "--compare"));
      }
    }
    return all;
  }

  private static List<List<String>> combinations(List<String> varied) {
    List<List<String>> combinations = List.of(List.of());
    for (String one : varied) {
      String[] parts = one.split("=", 2);
      List<List<String>> longer = new ArrayList<>();
      for (List<String> combination : combinations) {
        for (String value : parts.length < 2 ? new String[] {""} : parts[1].split(",", -1)) {
          List<String> more = new ArrayList<>(combination);
          more.add("--" + parts[0].replaceFirst("^--", "") + "=" + value);
          longer.add(more);
        }
      }
      combinations = longer;
    }
    return combinations;
  }

  private static String label(List<String> options) {
    return options.stream().map(option -> option.substring(2)).collect(Collectors.joining(" "));
  }

  private Settings settings(List<String> more, String from) throws SetupException {
    SimulationOptions options = new SimulationOptions();
    CommandLine parser =
        new CommandLine(CommandSpec.forAnnotatedObject(options))
            .setOverwrittenOptionsAllowed(true)
            .setErr(command.getErr());
    List<String> args = new ArrayList<>(given);
    args.addAll(more);
    try {
      parser.parseArgs(args.toArray(String[]::new));
    } catch (ParameterException e) {
      if (e.getArgSpec() != null && e.getCause() instanceof CommandLine.TypeConversionException) {
        throw new ParameterException(command, ErrorMessages.of(e), e);
      }
      String nearest =
          e instanceof UnmatchedArgumentException unmatched
              ? unmatched.getSuggestions().stream()
                  .findFirst()
                  .map(" (nearest: %s)"::formatted)
                  .orElse("")
              : "";
      throw new SetupException(
          "%s: %s (expected: options of simulate and their values)%s"
              .formatted(from, String.join(" ", more), nearest));
    }
    return options.settings();
  }

  private static boolean isOfSimulation(OptionSpec option) {
    return SIMULATION.findOption(option.longestName()) != null;
  }
}
