package io.vachub;

import java.io.IOException;

/** Commands of this machine, of which only the outcome matters. */
public final class Commands {

  private Commands() {}

  /** Whether this command is there and ends with exit code 0. */
  public static boolean succeeds(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
