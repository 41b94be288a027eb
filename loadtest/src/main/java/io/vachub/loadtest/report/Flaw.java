package io.vachub.loadtest.report;

import static io.vachub.loadtest.report.Numbers.count;

import io.vachub.loadtest.account.Account;
import io.vachub.loadtest.counters.CounterIncrease;
import io.vachub.loadtest.measure.Cause;
import io.vachub.loadtest.measure.Counts;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A reason for which a load fails, unless the user allows it. */
public enum Flaw {
  /** Open streams ended unexpectedly. */
  CUT {
    @Override
    Optional<String> in(Report report) {
      return some(
          report.counts().cut(),
          n -> count(n, "open stream") + " ended unexpectedly" + texts(report, Cause::isCut));
    }
  },

  /** Messages on cut streams, for which it is not known whether they were processed. */
  UNKNOWN {
    @Override
    Optional<String> in(Report report) {
      return some(
          report.counts().account().unknown(),
          n -> "it is unknown whether %s on cut streams arrived".formatted(count(n, "message")));
    }
  },

  /** Messages that servers say they never got. */
  LOST {
    @Override
    Optional<String> in(Report report) {
      return some(
          report.counts().account().lost(),
          n -> "servers counted %s fewer than were sent".formatted(count(n, "message")));
    }
  },

  /** Messages that servers counted beyond those sent. */
  DOUBLED {
    @Override
    Optional<String> in(Report report) {
      return some(
          report.counts().account().doubled(),
          n -> "servers counted %s more than were sent".formatted(count(n, "message")));
    }
  },

  /** Streams answered with an error. */
  FAILED {
    @Override
    Optional<String> in(Report report) {
      return some(
          report.counts().ended(Cause.Kind.FAILURE),
          n ->
              "%s answered with an error instead of a stream%s"
                  .formatted(
                      n == 1 ? "1 call was" : count(n) + " calls were",
                      texts(report, cause -> cause.kind() == Cause.Kind.FAILURE)));
    }
  },

  /** Streams that were abandoned at the end of the load. */
  UNSETTLED {
    @Override
    Optional<String> in(Report report) {
      return some(
          report.counts().unsettledStreams(),
          n ->
              "%s given up at the end of the load, with %s not accounted for"
                  .formatted(
                      n == 1 ? "1 stream was" : count(n) + " streams were",
                      count(report.counts().account().unsettled(), "message")));
    }
  },

  /** Messages that were due and could not leave: the service was asked for less than the load. */
  UNSENT {
    @Override
    Optional<String> in(Report report) {
      return some(
          report.counts().unsent(),
          n ->
              "%s due and never left, %.1f %% of what was asked for"
                  .formatted(
                      n == 1 ? "1 message was" : count(n) + " messages were",
                      100.0 * n / (n + report.counts().account().sent())));
    }
  },

  /** Streams that no server answered. */
  NEVER_OPENED {
    @Override
    Optional<String> in(Report report) {
      return some(
          report.counts().neverOpened(),
          n ->
              "%s of %s never opened%s"
                  .formatted(
                      count(n),
                      count(report.load().streams(), "stream"),
                      texts(
                          report,
                          cause ->
                              cause.kind() == Cause.Kind.CONNECT
                                  || cause.kind() == Cause.Kind.REFUSED)));
    }
  },

  /** The service's own counters do not match its answers. */
  COUNTERS {
    @Override
    Optional<String> in(Report report) {
      return report
          .increase()
          .flatMap(increase -> disagreement(increase, report.counts().account()));
    }
  };

  /** A sentence about it, or empty if the load does not have it. */
  abstract Optional<String> in(Report report);

  /**
   * Everything that this load has and should not have.
   *
   * @param allowed what the user allows
   */
  public static List<Finding> all(Report report, Set<Flaw> allowed) {
    return Arrays.stream(values())
        .flatMap(
            flaw ->
                flaw.in(report).stream()
                    .map(sentence -> new Finding(flaw, allowed.contains(flaw), sentence)))
        .toList();
  }

  /**
   * Reads a name.
   *
   * @throws IllegalArgumentException with all names
   */
  public static Flaw named(String name) {
    return Arrays.stream(values())
        .filter(flaw -> flaw.key().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("one of " + names()));
  }

  /** All names with commas between. */
  static String names() {
    return Arrays.stream(values()).map(Flaw::key).collect(Collectors.joining(", "));
  }

  /** The name on the command line and in reports. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * What servers answered is on their counters, and of what is unknown or unsettled any part may
   * be. Counters that went away with their pods may miss some.
   */
  private static Optional<String> disagreement(CounterIncrease increase, Account account) {
    long least = account.processed() + account.doubled();
    long most = least + account.unknown() + account.unsettled();
    boolean tooFew = increase.total() < least && (increase.complete() || !increase.found());
    if (!tooFew && increase.total() <= most) {
      return Optional.empty();
    }
    return Optional.of(
        "the service's counters rose by %s, where %s was expected"
            .formatted(
                count(increase.total()),
                least == most ? count(least) : count(least) + " to " + count(most)));
  }

  private static Optional<String> some(long n, java.util.function.LongFunction<String> sentence) {
    return n == 0 ? Optional.empty() : Optional.of(sentence.apply(n));
  }

  /** The most frequent text, as the server or gRPC wrote it. */
  private static String texts(Report report, Predicate<Cause> of) {
    Counts counts = report.counts();
    return counts.texts().entrySet().stream()
        .filter(entry -> of.test(entry.getKey()))
        .flatMap(entry -> entry.getValue().entrySet().stream())
        .max(Map.Entry.comparingByValue(Comparator.naturalOrder()))
        .map(most -> ", most often with \"%s\"".formatted(most.getKey()))
        .orElse("");
  }
}
