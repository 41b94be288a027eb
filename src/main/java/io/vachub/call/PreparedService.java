package io.vachub.call;

import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;

/**
 * A service as it is served, with two changes to its methods.
 *
 * <ul>
 *   <li>The headers of a client-streaming call go out at once. grpc-java holds them back until the
 *       single answer, and has no flush; on the wire such a call is no other than a bidirectional
 *       one, whose headers it sends, so that is what the server takes it for.
 *   <li>A message that cannot be read is the client's fault: {@link UnreadableMessage}.
 * </ul>
 */
public final class PreparedService {

  private PreparedService() {}

  /** The service with its methods changed so. */
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
