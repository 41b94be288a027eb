package io.vachub.starter.devh;

import io.grpc.BindableService;
import io.grpc.ServerInterceptors;
import io.vachub.call.PreparedService;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import net.devh.boot.grpc.server.interceptor.GlobalServerInterceptorRegistry;
import net.devh.boot.grpc.server.service.AnnotationGrpcServiceDiscoverer;
import net.devh.boot.grpc.server.service.GrpcService;
import net.devh.boot.grpc.server.service.GrpcServiceDefinition;
import org.springframework.context.ApplicationContext;

/** Finds the services, those that are beans without the starter's annotation too. */
class ServiceDiscoverer extends AnnotationGrpcServiceDiscoverer {

  private final ApplicationContext context;
  private final GlobalServerInterceptorRegistry interceptors;

  ServiceDiscoverer(ApplicationContext context, GlobalServerInterceptorRegistry interceptors) {
    this.context = context;
    this.interceptors = interceptors;
  }

  @Override
  public Collection<GrpcServiceDefinition> findGrpcServices() {
    List<GrpcServiceDefinition> found = new ArrayList<>(super.findGrpcServices());
    context
        .getBeansOfType(BindableService.class)
        .forEach(
            (name, service) -> {
              if (context.findAnnotationOnBean(name, GrpcService.class) == null) {
                found.add(withGlobalInterceptors(name, service));
              }
            });
    return found.stream().map(ServiceDiscoverer::prepared).toList();
  }

  /** As the starter does to those that it finds. */
  private GrpcServiceDefinition withGlobalInterceptors(String name, BindableService service) {
    return new GrpcServiceDefinition(
        name,
        service.getClass(),
        ServerInterceptors.interceptForward(
            service.bindService(), interceptors.getServerInterceptors()));
  }

  private static GrpcServiceDefinition prepared(GrpcServiceDefinition found) {
    return new GrpcServiceDefinition(
        found.getBeanName(), found.getBeanClazz(), PreparedService.of(found.getDefinition()));
  }
}
