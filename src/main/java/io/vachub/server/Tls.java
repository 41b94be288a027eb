package io.vachub.server;

import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.vachub.call.ServerCustomizer;
import org.springframework.context.annotation.Bean;

/** Serves the gRPC port with TLS if {@link TlsProperties} names a certificate. */
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
