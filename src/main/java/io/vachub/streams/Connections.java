package io.vachub.streams;

import io.grpc.Attributes;
import io.grpc.ServerTransportFilter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vachub.call.ServerCustomizer;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.context.annotation.Bean;

/** The open HTTP/2 connections, as {@code grpc_server_connections}, and the attributes of each. */
class Connections {

  @Bean
  ServerCustomizer countConnections(MeterRegistry registry) {
    AtomicInteger open = new AtomicInteger();
    Gauge.builder("grpc.server.connections", open, AtomicInteger::get)
        .description("Open HTTP/2 connections")
        .register(registry);
    return builder -> builder.addTransportFilter(new CountingFilter(open));
  }

  private static final class CountingFilter extends ServerTransportFilter {

    private final AtomicInteger open;

    CountingFilter(AtomicInteger open) {
      this.open = open;
    }

    @Override
    public Attributes transportReady(Attributes attributes) {
      open.incrementAndGet();
      return attributes.toBuilder().set(FirstAttempts.KEY, new FirstAttempts()).build();
    }

    @Override
    public void transportTerminated(Attributes attributes) {
      // Also called, with null, for a connection that never became ready.
      if (attributes != null) {
        open.decrementAndGet();
      }
    }
  }
}
