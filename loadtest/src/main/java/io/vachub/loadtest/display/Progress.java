package io.vachub.loadtest.display;

import io.vachub.loadtest.report.Numbers;
import java.io.PrintWriter;
import java.time.Duration;

/** The progress of a long calculation: a bar on a terminal, a line for each 10 % in a pipe. */
public final class Progress {

  private static final int BAR = 20;
  private static final long REDRAW_NANOS = Duration.ofMillis(200).toNanos();

  private final PrintWriter out;
  private final boolean interactive;
  private final boolean quiet;
  private final double total;
  private final long start = System.nanoTime();
  private long drawn = start - REDRAW_NANOS;
  private double done;
  private int tenths;

  /** Nothing of {@code total} is done yet. */
  public Progress(PrintWriter out, boolean interactive, boolean quiet, double total) {
    this.out = out;
    this.interactive = interactive;
    this.quiet = quiet;
    this.total = total;
  }

  /** So much more is done. May be called by many threads. */
  public synchronized void add(double more) {
    done += more;
    if (quiet) {
      return;
    }
    long now = System.nanoTime();
    double share = Math.min(1, done / total);
    String elapsed = Numbers.clock((now - start) / 1e9);
    if (interactive && now - drawn >= REDRAW_NANOS) {
      drawn = now;
      int full = (int) (share * BAR);
      out.printf(
          "\r%s%s %3.0f %%  %s", "█".repeat(full), "░".repeat(BAR - full), share * 100, elapsed);
      out.flush();
    } else if (!interactive && (int) (share * 10) > tenths) {
      tenths = (int) (share * 10);
      out.printf("%d0 %% simulated after %s%n", tenths, elapsed);
      out.flush();
    }
  }

  /** Leaves no trace on a terminal. */
  public synchronized void end() {
    if (interactive && !quiet) {
      out.print("\r\u001b[K");
      out.flush();
    }
  }
}
