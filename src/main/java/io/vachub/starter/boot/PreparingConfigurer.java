package io.vachub.starter.boot;

import io.grpc.ServerServiceDefinition;
import io.vachub.call.PreparedService;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.ApplicationContext;
import org.springframework.grpc.server.GrpcServerFactory;
import org.springframework.grpc.server.service.DefaultGrpcServiceConfigurer;
import org.springframework.grpc.server.service.GrpcServiceConfigurer;
import org.springframework.grpc.server.service.GrpcServiceSpec;

/** Binds services as the starter does, and prepares them. */
@ConditionalOnMissingBean(GrpcServiceConfigurer.class)
class PreparingConfigurer extends DefaultGrpcServiceConfigurer {

  PreparingConfigurer(ApplicationContext context) {
    super(context);
  }

  @Override
  public ServerServiceDefinition configure(GrpcServiceSpec service, GrpcServerFactory factory) {
    return PreparedService.of(super.configure(service, factory));
  }
}
