package io.vachub.telemetry;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.vachub.call.CallInterceptor;
import io.vachub.call.Place;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.Set;

/**
 * Opens a server span around each application call, named and described by OpenTelemetry's
 * conventions for RPC spans. OpenTelemetry's own library for gRPC measures the size of every
 * message and keeps the headers of every open stream; this does neither.
 */
class TracingInterceptor implements CallInterceptor {

  private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("rpc.system");
  private static final AttributeKey<String> SERVICE = AttributeKey.stringKey("rpc.service");
  private static final AttributeKey<String> METHOD = AttributeKey.stringKey("rpc.method");
  private static final AttributeKey<Long> STATUS = AttributeKey.longKey("rpc.grpc.status_code");
  private static final AttributeKey<String> PEER = AttributeKey.stringKey("network.peer.address");

  /** The status codes that those conventions define as errors of the server. */
  private static final Set<Status.Code> ERRORS =
      Set.of(
          Status.Code.UNKNOWN,
          Status.Code.DEADLINE_EXCEEDED,
          Status.Code.UNIMPLEMENTED,
          Status.Code.INTERNAL,
          Status.Code.UNAVAILABLE,
          Status.Code.DATA_LOSS);

  private final Tracer tracer;
  private final TextMapPropagator propagator;

  TracingInterceptor(OpenTelemetry openTelemetry) {
    this.tracer = openTelemetry.getTracer("io.vachub.telemetry");
    this.propagator = openTelemetry.getPropagators().getTextMapPropagator();
  }

  @Override
  public Place place() {
    return Place.TRACE;
  }

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    Context parent = propagator.extract(Context.current(), headers, HEADERS);
    Span span = start(call, parent);
    return span.isRecording()
        ? new RecordedCall<>(call, parent.with(span), span).start(headers, next)
        : startUnrecorded(call, UnrecordedContext.of(parent, span), headers, next);
  }

  private static <ReqT, RespT> ServerCall.Listener<ReqT> startUnrecorded(
      ServerCall<ReqT, RespT> call,
      Context context,
      Metadata headers,
      ServerCallHandler<ReqT, RespT> next) {
    try (Scope scope = context.makeCurrent()) {
      return new InContext<>(next.startCall(call, headers), context);
    }
  }

  private Span start(ServerCall<?, ?> call, Context parent) {
    MethodDescriptor<?, ?> method = call.getMethodDescriptor();
    Span span =
        tracer
            .spanBuilder(method.getFullMethodName())
            .setSpanKind(SpanKind.SERVER)
            .setParent(parent)
            .startSpan();
    if (span.isRecording()) {
      span.setAttribute(SYSTEM, "grpc");
      span.setAttribute(SERVICE, method.getServiceName());
      span.setAttribute(METHOD, method.getBareMethodName());
      if (call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)
          instanceof InetSocketAddress peer) {
        span.setAttribute(PEER, peer.getAddress().getHostAddress());
      }
    }
    return span;
  }

  /** A call whose span is recorded; it ends after the last callback. */
  private static final class RecordedCall<ReqT, RespT>
      extends SimpleForwardingServerCall<ReqT, RespT> {

    private final Context context;
    private final Span span;
    private Status closed = Status.UNKNOWN;

    RecordedCall(ServerCall<ReqT, RespT> call, Context context, Span span) {
      super(call);
      this.context = context;
      this.span = span;
    }

    ServerCall.Listener<ReqT> start(Metadata headers, ServerCallHandler<ReqT, RespT> next) {
      try (Scope scope = context.makeCurrent()) {
        return new EndingSpan(next.startCall(this, headers));
      } catch (Throwable t) {
        end(Status.fromThrowable(t));
        throw t;
      }
    }

    @Override
    public void close(Status status, Metadata trailers) {
      closed = status;
      super.close(status, trailers);
    }

    private void end(Status status) {
      span.setAttribute(STATUS, (long) status.getCode().value());
      if (ERRORS.contains(status.getCode())) {
        span.setStatus(StatusCode.ERROR, Objects.requireNonNullElse(status.getDescription(), ""));
      }
      if (status.getCause() != null) {
        span.recordException(status.getCause());
      }
      span.end();
    }

    private final class EndingSpan extends InContext<ReqT> {

      EndingSpan(ServerCall.Listener<ReqT> delegate) {
        super(delegate, context);
      }

      @Override
      public void onComplete() {
        try {
          super.onComplete();
        } finally {
          end(closed);
        }
      }

      @Override
      public void onCancel() {
        try {
          super.onCancel();
        } finally {
          end(Status.CANCELLED);
        }
      }
    }
  }

  /** Runs a call's callbacks in the context of its span. */
  private static class InContext<ReqT> extends SimpleForwardingServerCallListener<ReqT> {

    private final Context context;

    InContext(ServerCall.Listener<ReqT> delegate, Context context) {
      super(delegate);
      this.context = context;
    }

    @Override
    public void onMessage(ReqT message) {
      try (Scope scope = context.makeCurrent()) {
        super.onMessage(message);
      }
    }

    @Override
    public void onHalfClose() {
      try (Scope scope = context.makeCurrent()) {
        super.onHalfClose();
      }
    }

    @Override
    public void onReady() {
      try (Scope scope = context.makeCurrent()) {
        super.onReady();
      }
    }

    @Override
    public void onComplete() {
      try (Scope scope = context.makeCurrent()) {
        super.onComplete();
      }
    }

    @Override
    public void onCancel() {
      try (Scope scope = context.makeCurrent()) {
        super.onCancel();
      }
    }
  }

  /** Reads the trace context from the headers of a call. */
  private static final TextMapGetter<Metadata> HEADERS =
      new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Metadata headers) {
          return headers.keys();
        }

        @Override
        public String get(Metadata headers, String key) {
          try {
            return headers.get(Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER));
          } catch (IllegalArgumentException e) {
            // A binary header, or a name that is invalid for gRPC.
            return null;
          }
        }
      };
}
