package io.vachub.call;

import io.grpc.ServerBuilder;

/** A change to the gRPC server before it is built, with whichever starter. */
@FunctionalInterface
public interface ServerCustomizer {

  /** Changes the builder. */
  void customize(ServerBuilder<?> builder);
}
