package io.vachub.loadtest.display;

import java.io.Console;

/** Whether there is a person at the other end of the output. */
public final class Terminal {

  private Terminal() {}

  /** Whether the output is a terminal that can be redrawn. */
  public static boolean isInteractive() {
    Console console = System.console();
    return console != null && isTerminal(console) && !"dumb".equals(System.getenv("TERM"));
  }

  /** Whether colours are wanted: the environment variable NO_COLOR is unset or empty. */
  public static boolean wantsColor() {
    String noColor = System.getenv("NO_COLOR");
    return noColor == null || noColor.isEmpty();
  }

  /** From Java 22 on there is a console without a terminal as well, and it says so. */
  private static boolean isTerminal(Console console) {
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }
}
