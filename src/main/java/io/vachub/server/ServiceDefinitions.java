package io.vachub.server;

import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.vachub.call.UnreadableMessage;
import java.util.Collection;
import net.devh.boot.grpc.server.service.AnnotationGrpcServiceDiscoverer;
import net.devh.boot.grpc.server.service.GrpcServiceDefinition;
import org.springframework.stereotype.Component;

/**
 * Serves each service with two changes to its methods.
 *
 * <ul>
 *   <li>The headers of a client-streaming call go out at once. grpc-java holds them back until the
 *       single answer, and has no flush; on the wire such a call is no other than a bidirectional
 *       one, whose headers it sends, so that is what the server takes it for.
 *   <li>A message that cannot be read is the client's fault: {@link UnreadableMessage}.
 * </ul>
 */
@Component
class ServiceDefinitions extends AnnotationGrpcServiceDiscoverer {

  @Override
  public Collection<GrpcServiceDefinition> findGrpcServices() {
    return super.findGrpcServices().stream()
        .map(
            service ->
                new GrpcServiceDefinition(
                    service.getBeanName(),
                    service.getBeanClazz(),
                    changed(service.getDefinition())))
        .toList();
  }

  private static ServerServiceDefinition changed(ServerServiceDefinition service) {
    ServiceDescriptor original = service.getServiceDescriptor();
    ServiceDescriptor.Builder descriptor =
        ServiceDescriptor.newBuilder(original.getName())
            .setSchemaDescriptor(original.getSchemaDescriptor());
    var methods =
        service.getMethods().stream()
            .<ServerMethodDefinition<?, ?>>map(ServiceDefinitions::changed)
            .toList();
    methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
    ServerServiceDefinition.Builder result = ServerServiceDefinition.builder(descriptor.build());
    methods.forEach(result::addMethod);
    return result.build();
  }

  private static <Q, S> ServerMethodDefinition<Q, S> changed(ServerMethodDefinition<Q, S> method) {
    MethodDescriptor<Q, S> descriptor = method.getMethodDescriptor();
    MethodType type = descriptor.getType();
    return ServerMethodDefinition.create(
        descriptor.toBuilder()
            .setType(type == MethodType.CLIENT_STREAMING ? MethodType.BIDI_STREAMING : type)
            .setRequestMarshaller(
                UnreadableMessage.insteadOfFailure(descriptor.getRequestMarshaller()))
            .build(),
        method.getServerCallHandler());
  }
}
