package io.vachub.loadtest.load;

/** The streaming RPC that a load calls. */
public enum Rpc {
  /** One answer, at the end of the stream: the exact count of messages processed. */
  PROCESS("ProcessTextStream"),

  /** An answer to each message: the running count of messages processed. */
  ACKNOWLEDGE("AcknowledgeTextStream");

  private final String method;

  Rpc(String method) {
    this.method = method;
  }

  /** The method's name in the service {@code streaming.Streamer}. */
  public String method() {
    return method;
  }
}
