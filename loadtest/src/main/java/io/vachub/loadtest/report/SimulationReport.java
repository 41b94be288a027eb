package io.vachub.loadtest.report;

import io.vachub.loadtest.simulation.Result;
import java.util.Map;

/**
 * What came of one simulation, or of several beside each other.
 *
 * @param results by the label of their settings, in order; one at least
 * @param cost what the load tester itself used
 */
public record SimulationReport(Map<String, Result> results, Cost cost) {

  /** Whether there is but one simulation. */
  public boolean isSingle() {
    return results.size() == 1;
  }

  /** The first simulation: the only one, or the one that others are compared with. */
  public Result first() {
    return results.values().iterator().next();
  }
}
