package io.vachub.loadtest.report;

import io.vachub.loadtest.simulation.Result;
import java.util.List;
import java.util.Map;

/**
 * The results of one simulation, or of several to compare.
 *
 * @param options what the user gave, as one line
 * @param results by the label of their settings, in order; one at least
 * @param cost what the load tester itself used
 * @param outcomes the results of the user's assertions
 */
public record SimulationReport(
    String options, Map<String, Result> results, Cost cost, List<Outcome> outcomes) {

  /** Whether there is only one simulation. */
  public boolean isSingle() {
    return results.size() == 1;
  }

  /** The first simulation: the only one, or the one that others are compared with. */
  public Result first() {
    return results.values().iterator().next();
  }
}
