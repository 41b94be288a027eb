package io.vachub.server;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import net.devh.boot.grpc.server.serverfactory.GrpcServerConfigurer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;

/** Serves the gRPC port with TLS if {@link TlsProperties} names a certificate. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class Tls {

  @Bean
  GrpcServerConfigurer serveTls(TlsProperties properties, TlsFiles files) {
    return builder -> {
      if (properties.enabled() && builder instanceof NettyServerBuilder netty) {
        netty.sslContext(sslContext(properties, files));
      }
    };
  }

  private static SslContext sslContext(TlsProperties properties, TlsFiles files) {
    SslContextBuilder ssl =
        GrpcSslContexts.configure(SslContextBuilder.forServer(files.keyManager()));
    if (properties.clientCa() != null) {
      ssl.trustManager(files.trustManager()).clientAuth(ClientAuth.REQUIRE);
    }
    try {
      return ssl.build();
    } catch (IOException e) {
      throw TlsProperties.invalid("certificate", properties.certificate(), e.getMessage());
    }
  }
}
