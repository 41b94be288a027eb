package io.vachub.server;

import io.grpc.BindableService;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import net.devh.boot.grpc.server.service.GrpcService;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Adds {@code grpc.reflection.v1} to the starter's v1alpha, with which older tools make do. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("grpc.server.reflection-service-enabled")
class ReflectionV1 {

  @Bean
  @GrpcService
  BindableService protoReflectionServiceV1() {
    return ProtoReflectionServiceV1.newInstance();
  }
}
