package io.vachub.server;

import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import java.util.Collection;
import net.devh.boot.grpc.server.service.AnnotationGrpcServiceDiscoverer;
import net.devh.boot.grpc.server.service.GrpcServiceDefinition;
import org.springframework.stereotype.Component;

/**
 * Lets the headers of a client-streaming call go out at once. grpc-java holds them back until the
 * single answer, and has no flush; on the wire such a call is no other than a bidirectional one,
 * whose headers it sends, so that is what the server takes it for.
 */
@Component
class EarlyHeaders extends AnnotationGrpcServiceDiscoverer {

  @Override
  public Collection<GrpcServiceDefinition> findGrpcServices() {
    return super.findGrpcServices().stream()
        .map(
            service ->
                new GrpcServiceDefinition(
                    service.getBeanName(),
                    service.getBeanClazz(),
                    withEarlyHeaders(service.getDefinition())))
        .toList();
  }

  private static ServerServiceDefinition withEarlyHeaders(ServerServiceDefinition service) {
    ServiceDescriptor original = service.getServiceDescriptor();
    ServiceDescriptor.Builder descriptor =
        ServiceDescriptor.newBuilder(original.getName())
            .setSchemaDescriptor(original.getSchemaDescriptor());
    var methods =
        service.getMethods().stream()
            .<ServerMethodDefinition<?, ?>>map(EarlyHeaders::withEarlyHeaders)
            .toList();
    methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
    ServerServiceDefinition.Builder result = ServerServiceDefinition.builder(descriptor.build());
    methods.forEach(result::addMethod);
    return result.build();
  }

  private static <Q, S> ServerMethodDefinition<Q, S> withEarlyHeaders(
      ServerMethodDefinition<Q, S> method) {
    MethodDescriptor<Q, S> descriptor = method.getMethodDescriptor();
    return descriptor.getType() == MethodType.CLIENT_STREAMING
        ? ServerMethodDefinition.create(
            descriptor.toBuilder().setType(MethodType.BIDI_STREAMING).build(),
            method.getServerCallHandler())
        : method;
  }
}
