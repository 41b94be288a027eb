package io.vachub.call;

import io.grpc.Server;

/** Published when the gRPC server has started, whichever starter started it. */
public record ServerStarted(Server server) {}
