package io.vachub.server;

import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.vachub.call.ServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;

/** Serves the gRPC port with TLS if {@link TlsProperties} names a certificate. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class Tls {

  @Bean
  ServerCustomizer serveTls(TlsFiles files) {
    return builder -> {
      if (builder instanceof NettyServerBuilder netty) {
        files.context().ifPresent(netty::sslContext);
      }
    };
  }
}
