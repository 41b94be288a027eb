package io.vachub.load;

import static java.util.Objects.requireNonNull;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.concurrent.ThreadLocalRandom;
import net.devh.boot.grpc.server.interceptor.GrpcGlobalServerInterceptor;
import org.springframework.core.annotation.Order;

/**
 * Counts each application call in when it is accepted and out once, however it ends; above {@code
 * vachub.streams.max-active} it refuses with RESOURCE_EXHAUSTED and {@code grpc-retry-pushback-ms}
 * (gRFC A6).
 */
@GrpcGlobalServerInterceptor
@Order(ActiveStreamsInterceptor.ORDER)
class ActiveStreamsInterceptor implements ServerInterceptor {

  static final int ORDER = 200;

  static final Metadata.Key<String> RETRY_PUSHBACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  private static final int MIN_PUSHBACK_MILLIS = 1_000;
  private static final int MAX_PUSHBACK_MILLIS = 3_000;

  private final ActiveStreams streams;

  ActiveStreamsInterceptor(ActiveStreams streams) {
    this.streams = streams;
  }

  @Override
  public <Q, S> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, S> call, Metadata headers, ServerCallHandler<Q, S> next) {
    if (!ApplicationCalls.include(call.getMethodDescriptor())) {
      return next.startCall(call, headers);
    }
    if (!streams.tryOpen()) {
      refuse(call);
      return new ServerCall.Listener<>() {};
    }
    try {
      return new CountedListener<>(requireNonNull(next.startCall(call, headers)), streams);
    } catch (Throwable t) {
      // gRPC closes such a call without ever telling a listener.
      streams.close();
      throw t;
    }
  }

  private void refuse(ServerCall<?, ?> call) {
    int pushback = ThreadLocalRandom.current().nextInt(MIN_PUSHBACK_MILLIS, MAX_PUSHBACK_MILLIS);
    Metadata trailers = new Metadata();
    trailers.put(RETRY_PUSHBACK, Integer.toString(pushback));
    call.close(
        Status.RESOURCE_EXHAUSTED.withDescription(
            "%d streams are open (vachub.streams.max-active: %d); retry in %d ms"
                .formatted(streams.count(), streams.max(), pushback)),
        trailers);
  }

  /** gRPC tells a listener of the end exactly once, by onCancel or by onComplete. */
  private static final class CountedListener<Q> extends SimpleForwardingServerCallListener<Q> {

    private final ActiveStreams streams;

    CountedListener(ServerCall.Listener<Q> delegate, ActiveStreams streams) {
      super(delegate);
      this.streams = streams;
    }

    @Override
    public void onCancel() {
      streams.close();
      super.onCancel();
    }

    @Override
    public void onComplete() {
      streams.close();
      super.onComplete();
    }
  }
}
