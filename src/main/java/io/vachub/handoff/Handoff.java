package io.vachub.handoff;

import io.grpc.Context;
import io.grpc.Metadata;
import io.vachub.call.CallHeaders;

/**
 * How a service lets the server hand its calls off. A handoff ends a call from the server, with the
 * trailers {@code vachub-handoff: <reason>} and {@code vachub-message-count}; the client opens its
 * next stream and goes on after it. A client that sent the header {@code vachub-handoff: accept}
 * sees status OK, any other UNAVAILABLE.
 */
public final class Handoff {

  /** The trailer that tells a client why its stream was handed off. */
  public static final Metadata.Key<String> REASON = CallHeaders.HANDOFF;

  /**
   * The trailer with the messages that reached the service, exactly; on each handoff and on each
   * end of a call whose requests are a stream.
   */
  public static final Metadata.Key<String> MESSAGE_COUNT =
      Metadata.Key.of("vachub-message-count", Metadata.ASCII_STRING_MARSHALLER);

  static final Context.Key<HandoffCall<?, ?>> CALL = Context.key("vachub-handoff-call");

  private Handoff() {}

  /**
   * Registers how the current call ends well: {@code end} sends what the client is owed and
   * completes the call with OK, without blocking. Call it in the RPC method, on the thread that
   * gRPC calls it on.
   *
   * <p>{@code end} runs at most once, never at the same time as a callback of this call, and not
   * after the call ended; no message is delivered once it ran. A service whose own threads send
   * answers must let {@code end} hand over to them. A call that registers nothing is left as gRPC
   * has it: cut when its connection or pod goes. Outside of a served call this does nothing.
   */
  public static void onHandoff(Runnable end) {
    HandoffCall<?, ?> call = CALL.get();
    if (call != null) {
      call.endWith(end);
    }
  }
}
