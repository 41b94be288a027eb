package io.vachub.starter.devh;

import io.vachub.call.CallChain;
import io.vachub.call.CallInterceptor;
import io.vachub.call.ServerCustomizer;
import io.vachub.call.ServerSettings;
import io.vachub.call.ServerStarted;
import java.util.List;
import java.util.Optional;
import net.devh.boot.grpc.server.config.GrpcServerProperties;
import net.devh.boot.grpc.server.event.GrpcServerStartedEvent;
import net.devh.boot.grpc.server.interceptor.GrpcGlobalServerInterceptor;
import net.devh.boot.grpc.server.serverfactory.GrpcServerConfigurer;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;
import org.springframework.util.unit.DataSize;

/**
 * Connects vac-hub and the starter: interceptors and settings for the one, events for the other.
 */
class Starter {

  private static final DataSize GRPC_MAX_METADATA = DataSize.ofKilobytes(8);

  @Bean
  @GrpcGlobalServerInterceptor
  @Order(CallChain.ORDER)
  @ConditionalOnMissingBean
  CallChain callChain(List<CallInterceptor> interceptors) {
    return new CallChain(interceptors);
  }

  @Bean
  GrpcServerConfigurer customizeServer(List<ServerCustomizer> customizers) {
    return builder -> customizers.forEach(customizer -> customizer.customize(builder));
  }

  @Bean
  @ConditionalOnMissingBean
  ServerSettings serverSettings(GrpcServerProperties properties) {
    return new ServerSettings(
        Optional.ofNullable(properties.getMaxConnectionAge()),
        Optional.ofNullable(properties.getMaxConnectionAgeGrace()),
        properties.getKeepAliveTimeout(),
        Optional.ofNullable(properties.getMaxInboundMetadataSize()).orElse(GRPC_MAX_METADATA),
        "grpc.server.max-inbound-metadata-size",
        properties.getShutdownGracePeriod());
  }

  @Bean
  ApplicationListener<GrpcServerStartedEvent> serverStarted(ApplicationEventPublisher publisher) {
    return event -> publisher.publishEvent(new ServerStarted(event.getServer()));
  }
}
