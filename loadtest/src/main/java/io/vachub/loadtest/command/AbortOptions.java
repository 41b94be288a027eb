package io.vachub.loadtest.command;

import io.vachub.loadtest.assertion.Assertion;
import io.vachub.loadtest.report.Outcome;
import io.vachub.loadtest.report.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;

/** What ends a load before its time. */
final class AbortOptions {

  private static final String NAME = "--abort-on ";

  @Option(
      names = "--abort-on",
      paramLabel = "NAME>LIMIT",
      showDefaultValue = Visibility.NEVER,
      converter = Parsed.AsAssertion.class,
      description =
          "Ends the load with exit code 3 as soon as this is true, for example failure>100 or"
              + " p99_lateness>2s; checked each second. May be repeated.")
  private List<Assertion<Report>> aborts = new ArrayList<>();

  /** Whether a load may have to end before its time. */
  boolean areGiven() {
    return !aborts.isEmpty();
  }

  /** Why a load has to end now, or empty where it may go on. */
  Optional<Outcome> aborted(Report soFar) {
    return aborts.stream()
        .map(abort -> abort.judge(soFar))
        .filter(Outcome::passed)
        .findFirst()
        .map(
            outcome ->
                new Outcome(
                    NAME + outcome.assertion(),
                    false,
                    "true after %.0f s: %s".formatted(soFar.seconds(), outcome.message())));
  }

  /** What became of them: the one that ended the load, or all, none of which was ever true. */
  List<Outcome> outcomes(Optional<Outcome> aborted) {
    return aborted
        .map(List::of)
        .orElseGet(
            () ->
                aborts.stream()
                    .map(abort -> new Outcome(NAME + abort, true, "never true"))
                    .toList());
  }
}
