package io.vachub.handoff;

import io.grpc.Context;
import io.grpc.Metadata;
import io.vachub.call.CallHeaders;

/**
 * Lets the server hand off the calls of a service. A handoff ends a call from the server, with the
 * trailers {@code vachub-handoff: <reason>} and {@code vachub-message-count}; the client opens its
 * next stream and continues after that count. A client that sent the header {@code vachub-handoff:
 * accept} gets status OK, any other client UNAVAILABLE.
 */
public final class Handoff {

  /** The trailer with the reason for the handoff. */
  public static final Metadata.Key<String> REASON = CallHeaders.HANDOFF;

  /**
   * The trailer with the exact number of messages that reached the service; on each handoff and on
   * each end of a call whose requests are a stream.
   */
  public static final Metadata.Key<String> MESSAGE_COUNT =
      Metadata.Key.of("vachub-message-count", Metadata.ASCII_STRING_MARSHALLER);

  static final Context.Key<HandoffCall<?, ?>> CALL = Context.key("vachub-handoff-call");

  private Handoff() {}

  /**
   * Registers how to end the current call early: {@code end} sends the outstanding answers and
   * completes the call with OK, without blocking. Call this in the RPC method, on the thread on
   * which gRPC calls it.
   *
   * <p>{@code end} runs at most once, never at the same time as a callback of this call, and not
   * after the call ended; no message is delivered after it ran. If threads of the service send
   * answers, {@code end} must leave the completion to them. A call that registers nothing is not
   * handed off: it is cut when its connection or pod ends. Outside of a served call this does
   * nothing.
   */
  public static void onHandoff(Runnable end) {
    HandoffCall<?, ?> call = CALL.get();
    if (call != null) {
      call.endWith(end);
    }
  }
}
