package io.vachub.server;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.vachub.load.ApplicationCalls;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import net.devh.boot.grpc.server.interceptor.GrpcGlobalServerInterceptor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.Order;

/**
 * Names this pod to the client in the header {@code vachub-pod}, at once on a call whose requests
 * are a stream, which otherwise would learn it with the first answer only. A call that ends without
 * headers has it in its trailers.
 *
 * <p>It comes behind the handoff, so that the headers are sent in the call's own turn.
 */
@GrpcGlobalServerInterceptor
@Order(PodNameInterceptor.ORDER)
class PodNameInterceptor implements ServerInterceptor {

  static final int ORDER = 400;

  static final Metadata.Key<String> POD =
      Metadata.Key.of("vachub-pod", Metadata.ASCII_STRING_MARSHALLER);

  private static final Logger log = LoggerFactory.getLogger(PodNameInterceptor.class);

  private final String pod = hostName();

  private static String hostName() {
    return Optional.ofNullable(System.getenv("HOSTNAME"))
        .filter(name -> !name.isBlank())
        .orElseGet(
            () -> {
              try {
                return InetAddress.getLocalHost().getHostName();
              } catch (UnknownHostException e) {
                return "unknown";
              }
            });
  }

  @Override
  public <Q, S> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, S> call, Metadata headers, ServerCallHandler<Q, S> next) {
    if (!ApplicationCalls.include(call.getMethodDescriptor())) {
      return next.startCall(call, headers);
    }
    NamingCall<Q, S> naming = new NamingCall<>(call);
    ServerCall.Listener<Q> listener = next.startCall(naming, headers);
    if (!call.getMethodDescriptor().getType().clientSendsOneMessage()) {
      naming.sendHeadersNow();
    }
    return listener;
  }

  /** Synchronized, because a handoff may end the call on another thread while it is started. */
  private final class NamingCall<Q, S> extends SimpleForwardingServerCall<Q, S> {

    private boolean headersSent;
    private boolean closed;

    NamingCall(ServerCall<Q, S> call) {
      super(call);
    }

    synchronized void sendHeadersNow() {
      if (!headersSent && !closed) {
        sendHeaders(new Metadata());
      }
    }

    @Override
    public synchronized void sendHeaders(Metadata headers) {
      if (!headersSent) {
        headersSent = true;
        headers.put(POD, pod);
        super.sendHeaders(headers);
      } else if (!headers.keys().isEmpty()) {
        log.warn("Headers {} come too late; set them when the call starts", headers.keys());
      }
    }

    @Override
    public synchronized void close(Status status, Metadata trailers) {
      closed = true;
      if (!headersSent) {
        trailers.put(POD, pod);
      }
      super.close(status, trailers);
    }
  }
}
