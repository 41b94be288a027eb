package io.vachub.loadtest.display;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The size of the terminal, asked for by {@code stty} every other second, for windows change. It is
 * asked for on another thread, so that the load never waits for it.
 */
public final class TerminalSize implements Supplier<Size> {

  private static final File TERMINAL = new File("/dev/tty");

  private volatile Size size;

  /** Asks for the first time and goes on. */
  public TerminalSize() {
    size = ask(Size.USUAL);
    Thread thread = new Thread(this::follow, "terminal-size");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public Size get() {
    return size;
  }

  private void follow() {
    try {
      while (true) {
        TimeUnit.SECONDS.sleep(2);
        size = ask(size);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Size ask(Size otherwise) {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(TERMINAL)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String answer =
          new String(stty.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      String[] rowsAndColumns = answer.split(" ");
      Size asked =
          new Size(Integer.parseInt(rowsAndColumns[1]), Integer.parseInt(rowsAndColumns[0]));
      return asked.columns() > 0 && asked.rows() > 0 ? asked : otherwise;
    } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
      return otherwise;
    }
  }
}
