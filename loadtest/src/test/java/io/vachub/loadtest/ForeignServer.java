package io.vachub.loadtest;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.ProtoFileDescriptorSupplier;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A service that knows nothing of vac-hub: {@code demo.Shop}, of every kind of call, with a token
 * that it asks for, and without a header before its first answer.
 */
public final class ForeignServer implements AutoCloseable {

  public static final String PROTO =
      """
      syntax = "proto3";
      package demo;
      import "google/protobuf/timestamp.proto";
      message Order { string text = 1; int64 id = 2; google.protobuf.Timestamp at = 3; }
      message Receipt { Total total = 1; string text = 2; }
      message Total { int64 orders = 1; }
      service Shop {
        rpc One(Order) returns (Receipt);
        rpc Collect(stream Order) returns (Receipt);
        rpc Watch(Order) returns (stream Receipt);
        rpc Chat(stream Order) returns (stream Receipt);
      }
      """;

  private static final Metadata.Key<String> TOKEN =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final FileDescriptor file;
  private final Queue<String> texts = new ConcurrentLinkedQueue<>();
  private final AtomicLong orders = new AtomicLong();
  private final AtomicInteger open = new AtomicInteger();
  private final Server server;
  private volatile Status failure;

  private ForeignServer(boolean reflection, String token) throws Exception {
    file = describe();
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new java.net.InetSocketAddress("127.0.0.1", 0))
            .addService(service(token));
    if (reflection) {
      builder.addService(ProtoReflectionServiceV1.newInstance());
    }
    server = builder.build().start();
  }

  public static ForeignServer start() throws Exception {
    return new ForeignServer(true, null);
  }

  public static ForeignServer startWithoutReflection() throws Exception {
    return new ForeignServer(false, null);
  }

  public static ForeignServer startWithToken(String token) throws Exception {
    return new ForeignServer(true, token);
  }

  public String address() {
    return "127.0.0.1:" + server.getPort();
  }

  /** Messages that arrived. */
  public long orders() {
    return orders.get();
  }

  public Queue<String> texts() {
    return texts;
  }

  /** Answers every message from now on with this status. */
  public void failWith(Status status) {
    failure = status;
  }

  /** Writes what protoc would write. */
  public Path writeProtoset(Path directory) throws IOException {
    FileDescriptorSet set =
        FileDescriptorSet.newBuilder()
            .addFile(file.getDependencies().get(0).toProto())
            .addFile(file.toProto())
            .build();
    return Files.write(directory.resolve("shop.protoset"), set.toByteArray());
  }

  public static Path writeProto(Path directory) throws IOException {
    return Files.writeString(directory.resolve("shop.proto"), PROTO);
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private static FileDescriptor describe() throws Exception {
    Path directory = Files.createTempDirectory("shop");
    return io.vachub.loadtest.call.ServiceSchema.ofProto(writeProto(directory), java.util.List.of())
        .method("demo.Shop/One")
        .getFile();
  }

  private ServerServiceDefinition service(String token) {
    io.grpc.ServiceDescriptor.Builder description =
        io.grpc.ServiceDescriptor.newBuilder("demo.Shop")
            .setSchemaDescriptor((ProtoFileDescriptorSupplier) () -> file);
    java.util.List<MethodDescriptor<DynamicMessage, DynamicMessage>> methods =
        file.findServiceByName("Shop").getMethods().stream().map(ForeignServer::method).toList();
    methods.forEach(description::addMethod);
    ServerServiceDefinition.Builder service = ServerServiceDefinition.builder(description.build());
    methods.forEach(
        method ->
            service.addMethod(
                method,
                (call, headers) -> {
                  if (token != null && !token.equals(headers.get(TOKEN))) {
                    call.close(Status.UNAUTHENTICATED.withDescription("no token"), new Metadata());
                    return new ServerCall.Listener<>() {};
                  }
                  return new Conversation(call);
                }));
    return service.build();
  }

  private static MethodDescriptor<DynamicMessage, DynamicMessage> method(
      com.google.protobuf.Descriptors.MethodDescriptor method) {
    MethodDescriptor.MethodType type =
        method.isClientStreaming()
            ? method.isServerStreaming()
                ? MethodDescriptor.MethodType.BIDI_STREAMING
                : MethodDescriptor.MethodType.CLIENT_STREAMING
            : method.isServerStreaming()
                ? MethodDescriptor.MethodType.SERVER_STREAMING
                : MethodDescriptor.MethodType.UNARY;
    return MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
        .setType(type)
        .setFullMethodName("demo.Shop/" + method.getName())
        .setRequestMarshaller(
            ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getInputType())))
        .setResponseMarshaller(
            ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getOutputType())))
        .build();
  }

  private final class Conversation extends ServerCall.Listener<DynamicMessage> {

    private final ServerCall<DynamicMessage, DynamicMessage> call;
    private final MethodDescriptor.MethodType type;
    private boolean answered;
    private long count;

    Conversation(ServerCall<DynamicMessage, DynamicMessage> call) {
      this.call = call;
      this.type = call.getMethodDescriptor().getType();
      open.incrementAndGet();
      call.request(Integer.MAX_VALUE);
    }

    @Override
    public void onMessage(DynamicMessage order) {
      Descriptor descriptor = order.getDescriptorForType();
      texts.add((String) order.getField(descriptor.findFieldByName("text")));
      if (failure != null) {
        call.close(failure, new Metadata());
        return;
      }
      count++;
      orders.incrementAndGet();
      if (type == MethodDescriptor.MethodType.BIDI_STREAMING) {
        answer();
      }
    }

    @Override
    public void onHalfClose() {
      if (failure != null) {
        return;
      }
      if (type == MethodDescriptor.MethodType.SERVER_STREAMING) {
        answer();
        answer();
      }
      if (type.serverSendsOneMessage()) {
        answer();
      }
      call.close(Status.OK, new Metadata());
    }

    private void answer() {
      if (!answered) {
        answered = true;
        call.sendHeaders(new Metadata());
      }
      Descriptor receipt = file.findMessageTypeByName("Receipt");
      FieldDescriptor total = receipt.findFieldByName("total");
      call.sendMessage(
          DynamicMessage.newBuilder(receipt)
              .setField(
                  total,
                  DynamicMessage.newBuilder(total.getMessageType())
                      .setField(total.getMessageType().findFieldByName("orders"), count)
                      .build())
              .build());
    }
  }
}
