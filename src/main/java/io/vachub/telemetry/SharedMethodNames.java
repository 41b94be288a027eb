package io.vachub.telemetry;

import io.grpc.ForwardingServerBuilder;
import io.grpc.Metadata;
import io.grpc.ServerBuilder;
import io.grpc.ServerStreamTracer;

/**
 * A server builder whose tracers share the text of a method's name. gRPC makes it anew for each
 * call, and its metrics keep it for as long as the call is open.
 */
final class SharedMethodNames extends ForwardingServerBuilder<SharedMethodNames> {

  private final ServerBuilder<?> builder;

  SharedMethodNames(ServerBuilder<?> builder) {
    this.builder = builder;
  }

  @Override
  protected ServerBuilder<?> delegate() {
    return builder;
  }

  @Override
  public SharedMethodNames addStreamTracerFactory(ServerStreamTracer.Factory tracers) {
    return super.addStreamTracerFactory(
        new ServerStreamTracer.Factory() {
          @Override
          public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
            // The table of interned texts forgets those of calls that ended: a client may send any.
            return tracers.newServerStreamTracer(method.intern(), headers);
          }
        });
  }
}
