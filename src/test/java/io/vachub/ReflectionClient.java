package io.vachub;

import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;

/** Asks a server for its services, as grpcurl does. */
public final class ReflectionClient {

  private ReflectionClient() {}

  /** How the server ends the call. */
  public static Status listServices(Channel channel) {
    return TestStream.open(channel, ServerReflectionGrpc.getServerReflectionInfoMethod())
        .send(ServerReflectionRequest.newBuilder().setListServices("").build())
        .halfClose()
        .end()
        .status();
  }
}
