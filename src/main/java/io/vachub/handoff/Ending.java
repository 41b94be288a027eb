package io.vachub.handoff;

import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;
import java.util.Locale;

/** How a stream ended: each ends once, in one of these ways. */
enum Ending {
  /** The service answered OK. */
  COMPLETED,
  /** The server handed it off; the client continues elsewhere. */
  HANDED_OFF,
  /** The client, or a proxy in front, reset it, or the client's deadline passed. */
  CLIENT_CANCEL,
  /**
   * The client's fault: a message that cannot be read, is too large, or messages that stayed
   * unread, a request that the service refused, an answer that was not read after a handoff.
   */
  CLIENT_ERROR,
  /** The connection broke, or the peer no longer answered. */
  CONNECTION_LOST,
  /** The service failed: it threw, or answered with a status that says so. */
  SERVER_ERROR,
  /** The server closed its connection by force, at the end of a grace period. */
  FORCED;

  /** The value of the metric's label. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether the server ended the stream although the client had not asked for it. */
  boolean isCut() {
    return this == SERVER_ERROR || this == FORCED;
  }

  /**
   * The ending of a call that the service ended. OpenTelemetry's conventions for RPC server spans
   * define which statuses are the server's fault.
   */
  static Ending ofAnswer(Status status) {
    return switch (status.getCode()) {
      case OK -> COMPLETED;
      case CANCELLED -> CLIENT_CANCEL;
      case UNKNOWN, DEADLINE_EXCEEDED, UNIMPLEMENTED, INTERNAL, UNAVAILABLE, DATA_LOSS ->
          SERVER_ERROR;
      default -> CLIENT_ERROR;
    };
  }

  /**
   * The ending of a call that the transport ended.
   *
   * @param status the transport's status
   * @param answered whether the service had ended the call before
   * @param byForce whether the server was due to close the connection
   */
  static Ending ofTransport(Status status, boolean answered, boolean byForce) {
    return switch (status.getCode()) {
      // RST_STREAM, and the deadline that the client sent along.
      case CANCELLED, DEADLINE_EXCEEDED -> CLIENT_CANCEL;
      case UNAVAILABLE -> byForce ? FORCED : CONNECTION_LOST;
      // gRPC ends a call with these when it cannot send the answer, and for frames of its client
      // that HTTP/2 forbids.
      case INTERNAL, UNKNOWN ->
          answered && !(status.getCause() instanceof Http2Exception) ? SERVER_ERROR : CLIENT_ERROR;
      default -> CLIENT_ERROR;
    };
  }
}
