package io.vachub.streams;

import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.protobuf.ProtoUtils;
import io.vachub.proto.TextRequest;
import io.vachub.proto.TextResponse;
import net.devh.boot.grpc.server.interceptor.GrpcGlobalServerInterceptor;
import net.devh.boot.grpc.server.service.GrpcService;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;

/** Handlers and an interceptor that fail in each way in which they can. */
class FaultyService {

  static final MethodDescriptor<TextRequest, TextResponse> THROWS_IN_START_CALL =
      method("ThrowsInStartCall");
  static final MethodDescriptor<TextRequest, TextResponse> THROWS_IN_ON_MESSAGE =
      method("ThrowsInOnMessage");
  static final MethodDescriptor<TextRequest, TextResponse> THROWS_IN_ON_HALF_CLOSE =
      method("ThrowsInOnHalfClose");
  static final MethodDescriptor<TextRequest, TextResponse> RETURNS_NO_LISTENER =
      method("ReturnsNoListener");
  static final MethodDescriptor<TextRequest, TextResponse> THROWS_IN_ON_CANCEL =
      method("ThrowsInOnCancel");
  static final MethodDescriptor<TextRequest, TextResponse> INTERCEPTOR_THROWS =
      method("InterceptorThrows");

  private static MethodDescriptor<TextRequest, TextResponse> method(String name) {
    return MethodDescriptor.<TextRequest, TextResponse>newBuilder()
        .setType(MethodType.BIDI_STREAMING)
        .setFullMethodName(MethodDescriptor.generateFullMethodName("test.Faulty", name))
        .setRequestMarshaller(ProtoUtils.marshaller(TextRequest.getDefaultInstance()))
        .setResponseMarshaller(ProtoUtils.marshaller(TextResponse.getDefaultInstance()))
        .build();
  }

  @Bean
  @GrpcService
  BindableService faulty() {
    return () ->
        ServerServiceDefinition.builder("test.Faulty")
            .addMethod(
                THROWS_IN_START_CALL,
                (call, headers) -> {
                  throw new IllegalStateException("in startCall, as the test wants");
                })
            .addMethod(
                THROWS_IN_ON_MESSAGE,
                reading(
                    new ServerCall.Listener<>() {
                      @Override
                      public void onMessage(TextRequest message) {
                        throw new IllegalStateException("in onMessage, as the test wants");
                      }
                    }))
            .addMethod(
                THROWS_IN_ON_HALF_CLOSE,
                reading(
                    new ServerCall.Listener<>() {
                      @Override
                      public void onHalfClose() {
                        throw new IllegalStateException("in onHalfClose, as the test wants");
                      }
                    }))
            .addMethod(
                THROWS_IN_ON_CANCEL,
                reading(
                    new ServerCall.Listener<>() {
                      @Override
                      public void onCancel() {
                        throw new IllegalStateException("in onCancel, as the test wants");
                      }
                    }))
            .addMethod(RETURNS_NO_LISTENER, (call, headers) -> null)
            .addMethod(INTERCEPTOR_THROWS, reading(new ServerCall.Listener<>() {}))
            .build();
  }

  private static ServerCallHandler<TextRequest, TextResponse> reading(
      ServerCall.Listener<TextRequest> listener) {
    return (call, headers) -> {
      call.request(Integer.MAX_VALUE);
      return listener;
    };
  }

  @Bean
  @GrpcGlobalServerInterceptor
  @Order(1_000)
  ServerInterceptor throwingInterceptor() {
    return new ServerInterceptor() {
      @Override
      public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
          ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
        if (call.getMethodDescriptor()
            .getFullMethodName()
            .equals(INTERCEPTOR_THROWS.getFullMethodName())) {
          throw new IllegalStateException("in an interceptor, as the test wants");
        }
        return next.startCall(call, headers);
      }
    };
  }
}
