package io.vachub.loadtest.assertion;

import io.vachub.loadtest.fleet.SimulatedEnding;
import io.vachub.loadtest.simulation.Result;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** The values of a simulation that an assertion can check. */
final class SimulationQuantity {

  static final String EVEN = "slowest_even";

  private static final Map<String, ToDoubleFunction<Result>> NUMBERS = numbers();

  private SimulationQuantity() {}

  /** The quantity of this name, or empty where there is none. */
  static Optional<Quantity<Result>> named(String name) {
    if (name.equals(EVEN)) {
      return Optional.of(new Quantity<>(name, true, SimulationQuantity::slowestEvenMillis));
    }
    return Optional.ofNullable(NUMBERS.get(name)).map(of -> new Quantity<>(name, false, of));
  }

  /** NaN without a step, infinite if the pods did not become even after one. */
  private static double slowestEvenMillis(Result result) {
    if (result.slowestEven().isPresent()) {
      return result.slowestEven().getAsInt() * 1e3;
    }
    return result.steps().isEmpty() ? Double.NaN : Double.POSITIVE_INFINITY;
  }

  /** All names, for people. */
  static String names() {
    return String.join(", ", NUMBERS.keySet()) + ", " + EVEN;
  }

  private static Map<String, ToDoubleFunction<Result>> numbers() {
    Map<String, ToDoubleFunction<Result>> numbers = new TreeMap<>();
    numbers.put("pods", Result::readyPods);
    numbers.put("missing_pod_minutes", Result::missingPodMinutes);
    numbers.put("spare_pod_minutes", Result::sparePodMinutes);
    numbers.put("max_over_mean", Result::maxOverMeanAtEnd);
    numbers.put("average_max_over_mean", Result::maxOverMean);
    numbers.put("peak", Result::peak);
    numbers.put("moved_per_minute", Result::movedPerMinute);
    numbers.put("waiting_share", Result::waitingShare);
    numbers.put("opened", Result::opened);
    numbers.put("handoff", Result::moved);
    numbers.put("cut", result -> result.ended(SimulatedEnding.CUT));
    numbers.put("refused", Result::refused);
    numbers.put("killed", result -> result.ended(SimulatedEnding.KILLED));
    numbers.put("moves_per_rollout", Result::movesPerRollout);
    numbers.put("connect", result -> result.ended(SimulatedEnding.UNREACHED));
    return numbers;
  }
}
