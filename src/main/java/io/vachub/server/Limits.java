package io.vachub.server;

import io.grpc.Codec;
import io.grpc.DecompressorRegistry;
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
  Acceptor acceptor(ServerProperties properties, GrpcServerProperties starter) {
    return new Acceptor(properties.maxConnections(), starter.getKeepAliveTimeout());
  }

  /** Instead of the starter's, which takes all that gRPC can unpack. */
  @Bean
  DecompressorRegistry decompressors(ServerProperties properties) {
    return properties.decompression()
        ? DecompressorRegistry.getDefaultInstance()
        : DecompressorRegistry.emptyInstance().with(Codec.Identity.NONE, false);
  }

  @Bean
  GrpcServerConfigurer limitConnections(
      ServerProperties properties, GrpcServerProperties starter, Acceptor acceptor) {
    return builder -> {
      if (properties.executor() == ServerProperties.Executor.DIRECT) {
        builder.directExecutor();
      }
      builder.handshakeTimeout(properties.handshakeTimeout().toNanos(), TimeUnit.NANOSECONDS);
      builder.addStreamTracerFactory(
          new UnfinishedMessages(properties.maxUnfinishedBytes().toBytes()));
      if (builder instanceof NettyServerBuilder netty) {
        acceptor.configure(netty);
        netty
            .flowControlWindow(Math.toIntExact(properties.flowControlWindow().toBytes()))
            .maxInboundMetadataSize(MetadataLimit.transportLimit(starter))
            .maxConcurrentCallsPerConnection(properties.maxConcurrentCallsPerConnection())
            .maxRstFramesPerWindow(
                properties.maxRstFramesPerWindow(),
                Math.toIntExact(properties.rstWindow().toSeconds()));
      }
    };
  }
}
