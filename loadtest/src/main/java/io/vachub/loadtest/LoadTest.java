package io.vachub.loadtest;

import io.vachub.loadtest.command.CompareCommand;
import io.vachub.loadtest.command.ConfigurableCommandLine;
import io.vachub.loadtest.command.ErrorMessages;
import io.vachub.loadtest.command.ExitCode;
import io.vachub.loadtest.command.MergeCommand;
import io.vachub.loadtest.command.RunCommand;
import io.vachub.loadtest.command.SimulateCommand;
import io.vachub.loadtest.command.WatchCommand;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.Security;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The load tester's command line. */
@Command(
    name = "loadtest",
    description =
        "Loads a gRPC service with long streams and accounts for every message; or"
            + " watches pods, or simulates them.",
    subcommands = {
      RunCommand.class,
      MergeCommand.class,
      CompareCommand.class,
      WatchCommand.class,
      SimulateCommand.class
    },
    mixinStandardHelpOptions = true,
    versionProvider = LoadTest.Version.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the load ran without a fault and all assertions are true",
      "1:an error in the load tester itself",
      "2:the load could not start: an invalid option, an unreachable target, an "
          + "invalid certificate; or reports cannot be read or do not fit together",
      "3:the load ran, but an assertion is false, or something was cut, unknown, lost, doubled,"
          + " failed, unsettled, unsent or never opened, or the counters disagree"
    })
public final class LoadTest implements Runnable {

  /** What goes wrong on the wire is in the report; in the log it would only break the screen. */
  private static final List<Logger> TRANSPORT_LOGS =
      List.of(
          Logger.getLogger("io.grpc"),
          Logger.getLogger("io.netty"),
          Logger.getLogger("io.opentelemetry"));

  @Spec private CommandSpec spec;

  private LoadTest() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] args) {
    // Pods come and go faster than the 30 seconds that Java remembers a name for.
    Security.setProperty("networkaddress.cache.ttl", "1");
    Security.setProperty("networkaddress.cache.negative.ttl", "1");
    TRANSPORT_LOGS.forEach(log -> log.setLevel(Level.OFF));
    System.exit(commandLine().execute(args));
  }

  /** The command line, ready to execute. */
  public static CommandLine commandLine() {
    ErrorMessages messages = new ErrorMessages();
    return new ConfigurableCommandLine(new LoadTest())
        .setParameterExceptionHandler(messages)
        .setExecutionExceptionHandler(messages)
        .setExitCodeExceptionMapper(e -> ExitCode.INTERNAL_ERROR);
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** The version that the build wrote down. */
  static final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() throws IOException {
      try (InputStream version = LoadTest.class.getResourceAsStream("version.txt")) {
        return new String[] {
          "vac-hub-loadtest " + new String(version.readAllBytes(), StandardCharsets.UTF_8).strip()
        };
      }
    }
  }
}
