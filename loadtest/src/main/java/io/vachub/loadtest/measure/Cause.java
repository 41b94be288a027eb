package io.vachub.loadtest.measure;

import java.util.Locale;

/**
 * Why a stream ended before its client completed it.
 *
 * @param kind what happened
 * @param detail the reason of a handoff or a refusal, or the status code of a cut or a failure;
 *     empty for other kinds
 */
public record Cause(Kind kind, String detail) implements Comparable<Cause> {

  /** A stream that ended after a GOAWAY without a handoff: a cut. */
  public static final Cause GOAWAY = new Cause(Kind.GOAWAY, "");

  /** A stream that ended without warning: a cut. */
  public static final Cause RESET = new Cause(Kind.RESET, "");

  /** A stream that the server refused before it answered a header. */
  public static final Cause REFUSED = new Cause(Kind.REFUSED, "");

  /** A stream that never reached a server. */
  public static final Cause CONNECT = new Cause(Kind.CONNECT, "");

  /** What can end a stream. */
  public enum Kind {
    /** Status OK from the server with its exact count; the client goes on elsewhere. */
    HANDOFF,
    /** Cut by the server that closed the connection after a GOAWAY. */
    GOAWAY,
    /** Cut without warning: the connection or the stream was reset. */
    RESET,
    /** Cut by a status of the service, or of a proxy in its name. */
    CUT,
    /** RESOURCE_EXHAUSTED before the stream was answered. */
    REFUSED,
    /** No connection, or it went away before the stream was answered. */
    CONNECT,
    /** Answered with any other status instead of a stream: an error of the service. */
    FAILURE,
    /** Ended by its client or by the network, as the service reports it. */
    LEFT
  }

  /** A handoff with the reason that the server gave. */
  public static Cause handoff(String reason) {
    return new Cause(Kind.HANDOFF, reason);
  }

  /** A stream that the server refused for this reason before any message left. */
  public static Cause refused(String reason) {
    return new Cause(Kind.REFUSED, reason);
  }

  /** A cut by this status code. */
  public static Cause cut(String code) {
    return new Cause(Kind.CUT, code);
  }

  /** A failure with this status code. */
  public static Cause failure(String code) {
    return new Cause(Kind.FAILURE, code);
  }

  /** An end that the service did not cause, by the service's name for it. */
  public static Cause left(String ending) {
    return new Cause(Kind.LEFT, ending);
  }

  /**
   * Whether an open stream ended unexpectedly: it is then not known whether its messages were
   * processed.
   */
  public boolean isCut() {
    return kind == Kind.GOAWAY || kind == Kind.RESET || kind == Kind.CUT;
  }

  /** The name in reports: {@code handoff_age}, {@code goaway}, {@code failure_INTERNAL}. */
  public String key() {
    String name = kind.name().toLowerCase(Locale.ROOT);
    return detail.isEmpty() ? name : name + "_" + detail;
  }

  /**
   * Reads the name in reports.
   *
   * @throws IllegalArgumentException if no cause has such a name
   */
  public static Cause parse(String key) {
    String[] parts = key.split("_", 2);
    Kind kind = Kind.valueOf(parts[0].toUpperCase(Locale.ROOT));
    return new Cause(kind, parts.length == 1 ? "" : parts[1]);
  }

  /** The name for people. */
  public String title() {
    return switch (kind) {
      case HANDOFF -> "handoff: " + detail;
      case GOAWAY -> "cut after GOAWAY";
      case RESET -> "cut without warning";
      case REFUSED -> detail.isEmpty() ? "refused" : "refused: " + detail;
      case CUT -> "cut by " + detail.replace('_', ' ');
      case CONNECT -> "failed to connect";
      case FAILURE -> "failed: " + detail;
      case LEFT -> detail.replace('_', ' ');
    };
  }

  @Override
  public int compareTo(Cause other) {
    int byKind = kind.compareTo(other.kind);
    return byKind != 0 ? byKind : detail.compareTo(other.detail);
  }
}
