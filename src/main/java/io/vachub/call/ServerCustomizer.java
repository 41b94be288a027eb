package io.vachub.call;

import io.grpc.ServerBuilder;

/** What a room adds to the gRPC server before it is built, whichever starter builds it. */
@FunctionalInterface
public interface ServerCustomizer {

  /** Changes the builder. */
  void customize(ServerBuilder<?> builder);
}
