package io.vachub.server;

import io.grpc.Codec;
import io.grpc.DecompressorRegistry;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.vachub.call.ServerCustomizer;
import io.vachub.call.ServerSettings;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.thread.Threading;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.core.task.VirtualThreadTaskExecutor;

/** Sets what {@link ServerProperties} says. */
class Limits {

  /** What is unread on the heap. */
  @Bean
  HeldBytes unreadBytes(ServerProperties properties) {
    return new HeldBytes(properties.maxUnreadBytes().toBytes());
  }

  @Bean
  CallBacklogs callBacklogs(HeldBytes unread) {
    return new CallBacklogs(unread);
  }

  @Bean
  Acceptor acceptor(
      ServerProperties properties,
      ServerSettings settings,
      HeldBytes unread,
      CallBacklogs callBacklogs) {
    return new Acceptor(
        properties.maxConnections(),
        settings.keepAliveTimeout(),
        unread,
        new HeldBytes(properties.maxUnreadBytes().toBytes()),
        http2 -> {
          HeaderTable.bound(http2);
          callBacklogs.watch(http2);
        });
  }

  /** Instead of the starter's, which takes all that gRPC can unpack. */
  @Bean
  @ConditionalOnMissingBean
  DecompressorRegistry decompressors(ServerProperties properties) {
    return properties.decompression()
        ? DecompressorRegistry.getDefaultInstance()
        : DecompressorRegistry.emptyInstance().with(Codec.Identity.NONE, false);
  }

  @Bean
  ServerCustomizer limitConnections(
      ServerProperties properties,
      ServerSettings settings,
      CallBacklogs callBacklogs,
      Acceptor acceptor,
      Environment environment) {
    return builder -> {
      if (properties.executor() == ServerProperties.Executor.DIRECT) {
        builder.directExecutor();
      } else if (Threading.VIRTUAL.isActive(environment)) {
        builder.executor(new VirtualThreadTaskExecutor("grpc-"));
      }
      builder.addStreamTracerFactory(callBacklogs);
      if (builder instanceof NettyServerBuilder netty) {
        acceptor.configure(netty);
        netty
            .flowControlWindow(Math.toIntExact(properties.flowControlWindow().toBytes()))
            .maxInboundMetadataSize(MetadataLimit.transportLimit(settings))
            .maxConcurrentCallsPerConnection(properties.maxConcurrentCallsPerConnection())
            .maxRstFramesPerWindow(
                properties.maxRstFramesPerWindow(),
                Math.toIntExact(properties.rstWindow().toSeconds()));
      }
    };
  }
}
