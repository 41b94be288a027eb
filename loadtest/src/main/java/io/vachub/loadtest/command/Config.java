package io.vachub.loadtest.command;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * A YAML file with options of a command: their names without dashes, and their values as the
 * command line has them. A name whose option may be given several times takes a list. A parameter
 * bears its name in small letters, such as {@code target}.
 */
final class Config {

  /** The option that names the file. */
  static final String OPTION = "--config";

  private final CommandLine command;
  private final String file;
  private final Map<ArgSpec, Node> keys = new HashMap<>();
  private final List<String> words = new ArrayList<>();

  private Config(CommandLine command, String file) {
    this.command = command;
    this.file = file;
  }

  /**
   * Reads a file.
   *
   * @param given what the command line says already
   * @throws ParameterException naming the file, the line and the key that is wrong
   */
  static Config read(CommandLine command, String file, Words given) {
    Config config = new Config(command, file);
    for (NodeTuple entry : config.entries()) {
      config.add(entry.getKeyNode(), entry.getValueNode(), given);
    }
    return config;
  }

  /** The arguments that a command line would have instead. */
  List<String> words() {
    return words;
  }

  /** Says where in the file the fault is, if it is there. */
  ParameterException explain(ParameterException e) {
    Node key = e.getArgSpec() == null ? null : keys.get(e.getArgSpec());
    return key == null ? e : wrong(key, ErrorMessages.of(e).replaceFirst("^\\S+: ", ""), e);
  }

  private List<NodeTuple> entries() {
    try (Reader reader = Files.newBufferedReader(Path.of(file))) {
      Node root = new Yaml(new LoaderOptions()).compose(reader);
      if (root == null) {
        return List.of();
      }
      if (root instanceof MappingNode map) {
        return map.getValue();
      }
      throw wrong(root, "not a map (expected: a name and a value on each line, such as rate: 5)");
    } catch (MarkedYAMLException e) {
      throw new ParameterException(
          command,
          "%s:%d: %s (expected: YAML)"
              .formatted(
                  file,
                  e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1,
                  e.getProblem()),
          e);
    } catch (YAMLException | IOException | InvalidPathException e) {
      throw new ParameterException(
          command, "%s: %s (expected: a readable YAML file)".formatted(OPTION, file), e);
    }
  }

  private void add(Node key, Node value, Words given) {
    ArgSpec arg =
        named(text(key)).orElseThrow(() -> wrong(key, "no such option" + nearest(text(key))));
    if (keys.put(arg, key) != null) {
      throw wrong(key, "twice (expected: once)");
    }
    if (given.given().contains(arg)) {
      return;
    }
    if (!(value instanceof SequenceNode list)) {
      addValue(key, arg, value);
      return;
    }
    if (!arg.isMultiValue()) {
      throw wrong(key, "a list (expected: one value)");
    }
    list.getValue().forEach(one -> addValue(key, arg, one));
  }

  private void addValue(Node key, ArgSpec arg, Node value) {
    if (!(value instanceof ScalarNode scalar) || scalar.getValue().isEmpty()) {
      throw wrong(
          key,
          value instanceof ScalarNode
              ? "nothing (expected: a value)"
              : "a map or a list (expected: text, in quotes where it holds JSON)");
    }
    if (!(arg instanceof OptionSpec option)) {
      words.add(scalar.getValue());
    } else if (option.arity().max() > 0) {
      words.add(option.longestName() + "=" + scalar.getValue());
    } else if (scalar.getValue().equals("true")) {
      words.add(option.longestName());
    } else if (!scalar.getValue().equals("false")) {
      throw wrong(key, scalar.getValue() + " (expected: true or false)");
    }
  }

  private Optional<ArgSpec> named(String name) {
    CommandSpec spec = command.getCommandSpec();
    Stream<ArgSpec> options =
        Stream.ofNullable(spec.findOption("--" + name))
            .filter(it -> !it.usageHelp() && !it.versionHelp())
            .filter(it -> !it.longestName().equals(OPTION))
            .map(it -> it);
    Stream<ArgSpec> parameters =
        spec.positionalParameters().stream()
            .filter(it -> it.paramLabel().toLowerCase(Locale.ROOT).equals(name))
            .map(it -> it);
    return Stream.concat(options, parameters).findFirst();
  }

  private String nearest(String name) {
    return ErrorMessages.nearest(command, "--" + name)
        .map(it -> " (nearest: %s)".formatted(it.replaceFirst("^--", "")))
        .orElse("");
  }

  private ParameterException wrong(Node key, String what) {
    return wrong(key, what, null);
  }

  private ParameterException wrong(Node key, String what, Throwable cause) {
    return new ParameterException(
        command,
        "%s:%d: %s: %s".formatted(file, key.getStartMark().getLine() + 1, text(key), what),
        cause);
  }

  private static String text(Node node) {
    return node instanceof ScalarNode scalar ? scalar.getValue() : "the file";
  }
}
