package io.vachub.server;

import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.util.concurrent.TimeUnit;
import net.devh.boot.grpc.server.config.GrpcServerProperties;
import net.devh.boot.grpc.server.serverfactory.GrpcServerConfigurer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Sets what {@link ServerProperties} says. */
@Configuration(proxyBeanMethods = false)
class Limits {

  @Bean
  GrpcServerConfigurer limitConnections(ServerProperties properties, GrpcServerProperties starter) {
    return builder -> {
      if (properties.executor() == ServerProperties.Executor.DIRECT) {
        builder.directExecutor();
      }
      builder.handshakeTimeout(properties.handshakeTimeout().toNanos(), TimeUnit.NANOSECONDS);
      if (builder instanceof NettyServerBuilder netty) {
        netty
            .maxInboundMetadataSize(MetadataLimit.transportLimit(starter))
            .maxConcurrentCallsPerConnection(properties.maxConcurrentCallsPerConnection())
            .maxRstFramesPerWindow(
                properties.maxRstFramesPerWindow(),
                Math.toIntExact(properties.rstWindow().toSeconds()));
      }
    };
  }
}
