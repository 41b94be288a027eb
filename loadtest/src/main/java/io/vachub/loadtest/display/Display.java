package io.vachub.loadtest.display;

import io.vachub.loadtest.measure.Counts;
import io.vachub.loadtest.measure.Sample;

/** Shows a load while it runs. */
public interface Display {

  /** Shows nothing. */
  Display QUIET = (sample, counts) -> {};

  /** Shows the last interval and the counts up to its end. */
  void show(Sample sample, Counts counts);

  /** Removes what is only useful while the load runs. */
  default void end() {}
}
