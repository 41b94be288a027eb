package io.vachub.call;

import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;

/**
 * A service as it is registered with the server, with two changes to its methods.
 *
 * <ul>
 *   <li>The headers of a client-streaming call are sent at once. grpc-java delays them until the
 *       single answer, and has no flush. On the wire such a call is the same as a bidirectional
 *       one, whose headers are sent at once, so the server treats it as one.
 *   <li>A message that cannot be read is the client's fault: {@link UnreadableMessage}.
 * </ul>
 */
public final class PreparedService {

  private PreparedService() {}

  /** The service with these changes. */
  public static ServerServiceDefinition of(ServerServiceDefinition service) {
    ServiceDescriptor original = service.getServiceDescriptor();
    ServiceDescriptor.Builder descriptor =
        ServiceDescriptor.newBuilder(original.getName())
            .setSchemaDescriptor(original.getSchemaDescriptor());
    var methods =
        service.getMethods().stream()
            .<ServerMethodDefinition<?, ?>>map(PreparedService::changed)
            .toList();
    methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
    ServerServiceDefinition.Builder result = ServerServiceDefinition.builder(descriptor.build());
    methods.forEach(result::addMethod);
    return result.build();
  }

  private static <ReqT, RespT> ServerMethodDefinition<ReqT, RespT> changed(
      ServerMethodDefinition<ReqT, RespT> method) {
    MethodDescriptor<ReqT, RespT> descriptor = method.getMethodDescriptor();
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
