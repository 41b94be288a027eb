package io.vachub.loadtest.command;

import io.vachub.loadtest.display.Display;
import io.vachub.loadtest.display.LineDisplay;
import io.vachub.loadtest.display.ScreenDisplay;
import io.vachub.loadtest.display.Terminal;
import io.vachub.loadtest.display.TerminalSize;
import io.vachub.loadtest.load.Load;
import java.io.PrintWriter;
import picocli.CommandLine.Option;

/** What a load shows while it runs. */
final class DisplayOptions {

  @Option(names = "--quiet", description = "Shows nothing while the load runs.")
  private boolean quiet;

  @Option(names = "--no-color", description = "No colours; the same as NO_COLOR=1.")
  private boolean noColor;

  Display display(PrintWriter out, Load load, String target) {
    if (quiet) {
      return Display.QUIET;
    }
    return Terminal.isInteractive()
        ? new ScreenDisplay(
            out, load, target, !noColor && Terminal.wantsColor(), new TerminalSize())
        : new LineDisplay(out);
  }
}
