package io.vachub.loadtest.command;

import io.vachub.loadtest.display.Display;
import io.vachub.loadtest.display.FleetDisplay;
import io.vachub.loadtest.display.LineDisplay;
import io.vachub.loadtest.display.ScreenDisplay;
import io.vachub.loadtest.display.Terminal;
import io.vachub.loadtest.display.TerminalSize;
import io.vachub.loadtest.load.Load;
import java.io.PrintWriter;
import java.time.Duration;
import picocli.CommandLine.Option;

/** What a load or a watch shows while it runs. */
final class DisplayOptions {

  @Option(names = "--quiet", description = "Shows nothing while it runs.")
  private boolean quiet;

  @Option(names = "--no-color", description = "No colours; the same as NO_COLOR=1.")
  private boolean noColor;

  Display ofLoad(PrintWriter out, Load load, String target) {
    if (quiet) {
      return Display.QUIET;
    }
    return Terminal.isInteractive()
        ? new ScreenDisplay(out, load, target, color(), new TerminalSize())
        : new LineDisplay(out);
  }

  FleetDisplay ofFleet(PrintWriter out, String target, Duration duration) {
    if (quiet) {
      return FleetDisplay.QUIET;
    }
    return Terminal.isInteractive()
        ? FleetDisplay.screen(out, target, duration, color(), new TerminalSize())
        : FleetDisplay.lines(out);
  }

  private boolean color() {
    return !noColor && Terminal.wantsColor();
  }
}
