package io.vachub.loadtest.command;

import io.vachub.loadtest.LoadTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A command of the load tester in a process of its own, until it is told to end. */
final class LoadTestJvm implements AutoCloseable {

  private final Process process;
  private final Path out;

  private LoadTestJvm(Process process, Path out) {
    this.process = process;
    this.out = out;
  }

  /** Its output goes into a file of this directory. */
  static LoadTestJvm start(
      Path directory, List<String> jvm, Map<String, String> environment, String... args)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvm);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), LoadTest.class.getName()));
    command.addAll(List.of(args));
    Path out = directory.resolve("out");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
    builder.environment().putAll(environment);
    return new LoadTestJvm(builder.start(), out);
  }

  String out() throws Exception {
    return Files.readString(out);
  }

  Process process() {
    return process;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
