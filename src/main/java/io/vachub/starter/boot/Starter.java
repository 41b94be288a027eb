package io.vachub.starter.boot;

import io.grpc.ServerBuilder;
import io.vachub.call.CallChain;
import io.vachub.call.CallInterceptor;
import io.vachub.call.ServerCustomizer;
import io.vachub.call.ServerSettings;
import io.vachub.call.ServerStarted;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerProperties;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerProperties.Keepalive;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;
import org.springframework.grpc.server.GlobalServerInterceptor;
import org.springframework.grpc.server.ServerBuilderCustomizer;
import org.springframework.grpc.server.lifecycle.GrpcServerStartedEvent;

/**
 * Connects vac-hub and the starter: interceptors and settings for the one, events for the other.
 */
class Starter {

  @Bean
  @GlobalServerInterceptor
  @Order(CallChain.ORDER)
  @ConditionalOnMissingBean
  CallChain callChain(List<CallInterceptor> interceptors) {
    return new CallChain(interceptors);
  }

  @Bean
  <T extends ServerBuilder<T>> ServerBuilderCustomizer<T> customizeServer(
      List<ServerCustomizer> customizers) {
    return builder -> customizers.forEach(customizer -> customizer.customize(builder));
  }

  @Bean
  @ConditionalOnMissingBean
  ServerSettings serverSettings(GrpcServerProperties properties) {
    Keepalive keepalive = properties.getKeepalive();
    return new ServerSettings(
        Optional.ofNullable(keepalive.getConnection().getMaxAge()),
        Optional.ofNullable(keepalive.getConnection().getGracePeriod()),
        keepalive.getTimeout(),
        properties.getInbound().getMetadata().getMaxSize(),
        "spring.grpc.server.inbound.metadata.max-size",
        properties.getShutdown().getGracePeriod());
  }

  @Bean
  ApplicationListener<GrpcServerStartedEvent> serverStarted(ApplicationEventPublisher publisher) {
    return event -> publisher.publishEvent(new ServerStarted(event.getServer()));
  }
}
