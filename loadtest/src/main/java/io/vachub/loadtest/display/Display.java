package io.vachub.loadtest.display;

import io.vachub.loadtest.measure.Counts;
import io.vachub.loadtest.measure.Sample;

/** Shows a load while it runs. */
public interface Display {

  /** Shows nothing. */
  Display QUIET = (sample, counts) -> {};

  /** Shows the last interval and what was counted up to its end. */
  void show(Sample sample, Counts counts);

  /** Takes away what only has a meaning while the load runs. */
  default void end() {}
}
