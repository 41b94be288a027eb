package io.vachub.loadtest.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A result of the load that was judged: a flaw or an assertion.
 *
 * @param kind {@code verdict} or {@code assertion}
 * @param name what was judged
 * @param state the result
 * @param sentence what was found; empty where there is nothing to say
 */
record Check(String kind, String name, State state, String sentence) {

  /** The result of a check. */
  enum State {
    PASSED,
    FAILED,
    /** It does not hold, and the user allows that. */
    ALLOWED
  }

  /** Every flaw that the load could have had, and every assertion on it. */
  static List<Check> of(Report report) {
    Map<Flaw, Finding> findings =
        report.findings().stream().collect(Collectors.toMap(Finding::flaw, Function.identity()));
    List<Check> checks = new ArrayList<>();
    Arrays.stream(Flaw.values())
        .filter(flaw -> flaw != Flaw.COUNTERS || report.increase().isPresent())
        .map(flaw -> of(flaw, Optional.ofNullable(findings.get(flaw))))
        .forEach(checks::add);
    checks.addAll(of(report.outcomes()));
    return checks;
  }

  /** Every assertion. */
  static List<Check> of(List<Outcome> outcomes) {
    return outcomes.stream()
        .map(
            outcome ->
                new Check(
                    "assertion",
                    outcome.assertion(),
                    outcome.passed() ? State.PASSED : State.FAILED,
                    outcome.message()))
        .toList();
  }

  private static Check of(Flaw flaw, Optional<Finding> finding) {
    State state =
        finding.map(it -> it.allowed() ? State.ALLOWED : State.FAILED).orElse(State.PASSED);
    return new Check("verdict", flaw.key(), state, finding.map(Finding::sentence).orElse(""));
  }

  /** How many of them have this result. */
  static long count(List<Check> checks, State state) {
    return checks.stream().filter(check -> check.state == state).count();
  }
}
