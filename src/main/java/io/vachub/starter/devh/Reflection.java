package io.vachub.starter.devh;

import io.grpc.BindableService;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.util.stream.Stream;
import net.devh.boot.grpc.server.service.GrpcService;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** Adds {@code grpc.reflection.v1} to the starter's v1alpha, with which older tools make do. */
class Reflection {

  private static final String V1 = "protoReflectionServiceV1";
  private static final String STARTERS_V1ALPHA = "protoReflectionService";

  @Bean(V1)
  @GrpcService
  BindableService v1() {
    return ProtoReflectionServiceV1.newInstance();
  }

  /** Instead of a condition, which Spring AOT decides when the jar is built. */
  @Bean
  static BeanDefinitionRegistryPostProcessor withoutReflectionIfDisabled(Environment environment) {
    return registry -> {
      if (!enabled(environment)) {
        Stream.of(V1, STARTERS_V1ALPHA)
            .filter(registry::containsBeanDefinition)
            .forEach(registry::removeBeanDefinition);
      }
    };
  }

  private static boolean enabled(Environment environment) {
    return Binder.get(environment)
        .bind("grpc.server.reflection-service-enabled", Boolean.class)
        .orElse(true);
  }
}
