package io.vachub.loadtest.command;

import io.vachub.loadtest.assertion.Assertion;
import io.vachub.loadtest.report.Outcome;
import io.vachub.loadtest.report.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;

/** The conditions that end a load early. */
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

  /** Whether there is any such condition. */
  boolean areGiven() {
    return !aborts.isEmpty();
  }

  /** Why the load must end now, or empty if it goes on. */
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

  /** The condition that ended the load; or all of them, if none became true. */
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
