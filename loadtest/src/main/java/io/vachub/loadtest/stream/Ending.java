package io.vachub.loadtest.stream;

import io.grpc.Metadata;
import io.grpc.Status;
import io.vachub.loadtest.account.Settlement;
import io.vachub.loadtest.measure.Cause;
import io.vachub.loadtest.pace.Backoff;
import java.time.Duration;
import java.util.Optional;

/**
 * How one call ended.
 *
 * @param cause why, or empty where the client was done and the server has answered
 * @param settlement what became of its messages
 * @param pushback how long the server asks the client to wait, or empty if it does not say
 */
record Ending(Optional<Cause> cause, Settlement settlement, Optional<Duration> pushback) {

  /** The trailer of a handoff, with its reason. */
  static final Metadata.Key<String> HANDOFF =
      Metadata.Key.of("vachub-handoff", Metadata.ASCII_STRING_MARSHALLER);

  /** The header by which a client accepts handoffs: the trailer's name, and this value. */
  static final String ACCEPT = "accept";

  /** The header with the number of refusals in a row. */
  static final Metadata.Key<String> ATTEMPT =
      Metadata.Key.of("vachub-attempt", Metadata.ASCII_STRING_MARSHALLER);

  /** The trailer with the exact count of the messages that reached the service. */
  static final Metadata.Key<String> MESSAGE_COUNT =
      Metadata.Key.of("vachub-message-count", Metadata.ASCII_STRING_MARSHALLER);

  /** The trailer of a refusal: milliseconds to wait before the next attempt. */
  static final Metadata.Key<String> PUSHBACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  /** The reason noted where a server ends a stream with OK, unasked and without a reason. */
  static final String UNNAMED = "unnamed";

  /**
   * Reads the end of a call.
   *
   * @param opened whether the server answered with a header
   * @param halfClosed whether the client had said that it is done
   * @param sent messages sent on this call
   * @param count the last count that the server answered, 0 where none
   * @param counted whether the answers of this service hold an exact count; otherwise a stream that
   *     the client was done with and that ended well has taken everything
   */
  static Ending of(
      Status status,
      Metadata trailers,
      boolean opened,
      boolean halfClosed,
      long sent,
      long count,
      boolean counted) {
    String reason = trailers.get(HANDOFF);
    Optional<Duration> pushback =
        Optional.ofNullable(trailers.get(PUSHBACK)).flatMap(Ending::millis);
    Optional<Long> told = messageCount(trailers);
    if (status.isOk() && reason == null && halfClosed) {
      long processed = told.orElse(counted ? count : sent);
      return new Ending(Optional.empty(), Settlement.completed(sent, processed), pushback);
    }
    if (reason != null && (!status.isOk() || !counted)) {
      // Told by a trailer, where no answer holds the count or the client did not accept handoffs.
      return new Ending(
          Optional.of(Cause.handoff(reason)),
          told.map(exact -> Settlement.handedOff(sent, exact))
              .orElseGet(() -> Settlement.cut(sent, count)),
          pushback);
    }
    if (status.isOk() && !counted && told.isEmpty()) {
      Cause unasked = Cause.cut(status.getCode().name());
      return new Ending(Optional.of(unasked), Settlement.cut(sent, count), pushback);
    }
    Cause cause = cause(status, reason, opened, sent, pushback.isPresent());
    long exact = counted ? count : told.orElse(count);
    return new Ending(Optional.of(cause), settlement(status, cause, sent, exact), pushback);
  }

  /** Whether a server says by a trailer how many messages reached it. */
  static boolean hasCount(Metadata trailers) {
    return messageCount(trailers).isPresent();
  }

  private static Optional<Long> messageCount(Metadata trailers) {
    try {
      return Optional.ofNullable(trailers.get(MESSAGE_COUNT)).map(Long::valueOf);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Settlement settlement(Status status, Cause cause, long sent, long count) {
    if (cause.equals(Cause.REFUSED)) {
      return Settlement.refused(sent);
    }
    return status.isOk() ? Settlement.handedOff(sent, count) : Settlement.cut(sent, count);
  }

  /**
   * A refusal with a pushback comes before the service, so that messages sent ahead of the answer
   * never reached it; without one that is certain only where there were none.
   */
  private static Cause cause(
      Status status, String reason, boolean opened, long sent, boolean pushback) {
    if (status.isOk()) {
      return Cause.handoff(reason == null ? UNNAMED : reason);
    }
    String description = String.valueOf(status.getDescription());
    boolean reset =
        status.getCode() == Status.Code.UNAVAILABLE
            || description.contains("Rst Stream")
            || description.contains("RST_STREAM");
    if (reset && !opened && sent == 0) {
      return Cause.CONNECT;
    }
    if (reset) {
      return description.contains("GOAWAY") ? Cause.GOAWAY : Cause.RESET;
    }
    boolean exhausted = status.getCode() == Status.Code.RESOURCE_EXHAUSTED;
    if (exhausted && !opened && (pushback || sent == 0)) {
      return Cause.REFUSED;
    }
    String code = status.getCode().name();
    return opened ? Cause.cut(code) : Cause.failure(code);
  }

  /** A server that asks never to come back, with a negative number, gets the longest wait. */
  private static Optional<Duration> millis(String text) {
    try {
      long millis = Long.parseLong(text);
      return Optional.of(millis < 0 ? Backoff.LONGEST : Duration.ofMillis(millis));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
