package io.vachub.loadtest.load;

import io.grpc.MethodDescriptor.MethodType;

/**
 * The RPC that a load calls.
 *
 * @param fullMethod {@code package.Service/Method}
 * @param type which side sends one message and which sends many
 * @param counted whether an answer holds the count of the messages processed so far
 */
public record Rpc(String fullMethod, MethodType type, boolean counted) {

  private static final String STREAMER = "streaming.Streamer/";

  /** One answer, at the end of the stream: the exact count of messages processed. */
  public static final Rpc PROCESS =
      new Rpc(STREAMER + "ProcessTextStream", MethodType.CLIENT_STREAMING, true);

  /** An answer to each message: the running count of messages processed. */
  public static final Rpc ACKNOWLEDGE =
      new Rpc(STREAMER + "AcknowledgeTextStream", MethodType.BIDI_STREAMING, true);

  /** The method's name; of a service other than the Streamer with the service's. */
  public String method() {
    return fullMethod.startsWith(STREAMER) ? fullMethod.substring(STREAMER.length()) : fullMethod;
  }

  /** Whether each message is answered on its own, so that the wait for it can be timed. */
  public boolean answersEachMessage() {
    return type != MethodType.CLIENT_STREAMING;
  }

  /** Whether each message is a call of its own. */
  public boolean callsEachMessage() {
    return type.clientSendsOneMessage();
  }
}
