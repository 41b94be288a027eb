package io.vachub.handoff;

import io.grpc.Context;
import io.grpc.Metadata;

/**
 * How a service lets the server hand its calls off. A handoff ends a call from the server with
 * status OK and the trailer {@code vachub-handoff: <reason>}; the client opens its next stream and
 * goes on after it.
 */
public final class Handoff {

  /** The trailer that tells a client why its stream was handed off. */
  public static final Metadata.Key<String> TRAILER =
      Metadata.Key.of("vachub-handoff", Metadata.ASCII_STRING_MARSHALLER);

  static final Context.Key<HandoffCall<?, ?>> CALL = Context.key("vachub-handoff-call");

  private Handoff() {}

  /**
   * Registers how the current call ends well: {@code end} sends what the client is owed and
   * completes the call, without blocking. Call it in the RPC method, on the thread that gRPC calls
   * it on.
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
