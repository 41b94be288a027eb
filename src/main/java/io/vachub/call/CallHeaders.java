package io.vachub.call;

import io.grpc.Metadata;

/**
 * What a client tells about itself when it opens a stream.
 *
 * @param acceptsHandoff whether it continues on another stream when the server ends this one early
 *     with OK, and retries elsewhere when it is refused: {@code vachub-handoff: accept}
 * @param attempt how many times in a row this stream was refused, 0 at first: {@code
 *     vachub-attempt}, or what gRPC's own retries count in {@code grpc-previous-rpc-attempts} (gRFC
 *     A6)
 */
public record CallHeaders(boolean acceptsHandoff, int attempt) {

  /** The header by which a client accepts handoffs, and the trailer with the reason for one. */
  public static final Metadata.Key<String> HANDOFF = key("vachub-handoff");

  /** The header's value. */
  public static final String ACCEPT = "accept";

  /** The header with the number of refusals in a row. */
  public static final Metadata.Key<String> ATTEMPT = key("vachub-attempt");

  private static final Metadata.Key<String> PREVIOUS_ATTEMPTS = key("grpc-previous-rpc-attempts");

  /** Reads the headers of a call; an unreadable number of attempts counts as 0. */
  public static CallHeaders of(Metadata headers) {
    return new CallHeaders(
        acceptsHandoff(headers),
        Math.max(attempts(headers.get(ATTEMPT)), attempts(headers.get(PREVIOUS_ATTEMPTS))));
  }

  /** Reads only whether the client accepts handoffs. */
  public static boolean acceptsHandoff(Metadata headers) {
    return ACCEPT.equals(headers.get(HANDOFF));
  }

  private static int attempts(String value) {
    if (value == null) {
      return 0;
    }
    try {
      return Math.max(0, Integer.parseInt(value));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }
}
