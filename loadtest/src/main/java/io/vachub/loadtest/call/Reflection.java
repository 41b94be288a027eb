package io.vachub.loadtest.call;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.netty.channel.EventLoop;
import io.vachub.loadtest.connection.Dialer;
import io.vachub.loadtest.connection.SetupException;
import io.vachub.loadtest.connection.StatusText;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Asks a server for the description of its services: gRPC server reflection, v1 or else v1alpha.
 */
public final class Reflection {

  private static final int PATIENCE_SECONDS = 10;

  /** The two versions differ in nothing but this name. */
  private static final String ALPHA =
      "grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";

  private Reflection() {}

  /**
   * The files that describe a service.
   *
   * @throws SetupException if the server has no reflection or no such service
   */
  public static ServiceSchema ask(
      Dialer dialer, EventLoop loop, String service, Metadata headers, String target)
      throws SetupException {
    ManagedChannel channel = dialer.dial(loop);
    try {
      Channel with =
          ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
      MethodDescriptor<ServerReflectionRequest, ServerReflectionResponse> v1 =
          ServerReflectionGrpc.getServerReflectionInfoMethod();
      try {
        return ask(with, v1, service, target);
      } catch (StatusRuntimeException e) {
        if (e.getStatus().getCode() != Status.Code.UNIMPLEMENTED) {
          throw e;
        }
        return ask(with, v1.toBuilder().setFullMethodName(ALPHA).build(), service, target);
      }
    } catch (StatusRuntimeException e) {
      boolean none = e.getStatus().getCode() == Status.Code.UNIMPLEMENTED;
      throw new SetupException(
          "%s: %s (expected: server reflection, or --protoset FILE, or --proto FILE)"
              .formatted(target, none ? "has no reflection" : StatusText.of(e.getStatus())));
    } catch (InvalidProtocolBufferException e) {
      throw new SetupException(
          "%s: its reflection answer is not valid protobuf: %s".formatted(target, e));
    } finally {
      channel.shutdownNow();
    }
  }

  private static ServiceSchema ask(
      Channel channel,
      MethodDescriptor<ServerReflectionRequest, ServerReflectionResponse> method,
      String service,
      String target)
      throws SetupException, InvalidProtocolBufferException {
    CallOptions patience =
        CallOptions.DEFAULT.withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS);
    BlockingClientCall<ServerReflectionRequest, ServerReflectionResponse> call =
        ClientCalls.blockingBidiStreamingCall(channel, method, patience);
    try {
      Map<String, FileDescriptorProto> files = new LinkedHashMap<>();
      Deque<String> missing = new ArrayDeque<>();
      ServerReflectionResponse answer =
          ask(call, ServerReflectionRequest.newBuilder().setFileContainingSymbol(service).build());
      if (answer.hasErrorResponse()) {
        throw new SetupException(
            "--call: %s (expected: a service of %s: %s)".formatted(service, target, list(call)));
      }
      add(answer, files, missing);
      while (!missing.isEmpty()) {
        String name = missing.remove();
        if (!files.containsKey(name)) {
          add(
              ask(call, ServerReflectionRequest.newBuilder().setFileByFilename(name).build()),
              files,
              missing);
        }
      }
      return new ServiceSchema(target, files.values());
    } finally {
      call.cancel("done", null);
    }
  }

  private static String list(
      BlockingClientCall<ServerReflectionRequest, ServerReflectionResponse> call) {
    List<String> services =
        ask(call, ServerReflectionRequest.newBuilder().setListServices("").build())
            .getListServicesResponse()
            .getServiceList()
            .stream()
            .map(service -> service.getName())
            .filter(name -> !name.startsWith("grpc.reflection."))
            .toList();
    return services.isEmpty() ? "it has none" : String.join(", ", services);
  }

  private static void add(
      ServerReflectionResponse answer,
      Map<String, FileDescriptorProto> files,
      Deque<String> missing)
      throws InvalidProtocolBufferException {
    for (ByteString bytes : answer.getFileDescriptorResponse().getFileDescriptorProtoList()) {
      FileDescriptorProto file = FileDescriptorProto.parseFrom(bytes);
      files.put(file.getName(), file);
      missing.addAll(file.getDependencyList());
    }
  }

  private static ServerReflectionResponse ask(
      BlockingClientCall<ServerReflectionRequest, ServerReflectionResponse> call,
      ServerReflectionRequest request) {
    try {
      call.write(request);
      ServerReflectionResponse answer = call.read();
      if (answer == null) {
        throw Status.UNKNOWN.withDescription("reflection ended").asRuntimeException();
      }
      return answer;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Status.CANCELLED.asRuntimeException();
    } catch (io.grpc.StatusException e) {
      throw e.getStatus().asRuntimeException();
    }
  }
}
