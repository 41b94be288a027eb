package io.vachub.server;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.vachub.call.CallInterceptor;
import io.vachub.call.Place;
import io.vachub.streams.LoadReports;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;

/**
 * Names this pod to the client in the header {@code vachub-pod}, at once on a call whose requests
 * are a stream, which otherwise would learn it with the first answer only. A call that ends without
 * headers has it in its trailers. Both tell how full the pod is.
 *
 * <p>It comes behind the handoff, so that the headers are sent in the call's own turn.
 */
class PodInterceptor implements CallInterceptor {

  static final Metadata.Key<String> POD =
      Metadata.Key.of("vachub-pod", Metadata.ASCII_STRING_MARSHALLER);

  private static final Logger log = LoggerFactory.getLogger(PodInterceptor.class);

  private static final String THIS_POD = hostName();

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

  private final Optional<LoadReports> reports;

  PodInterceptor(ObjectProvider<LoadReports> reports) {
    this.reports = Optional.ofNullable(reports.getIfAvailable());
  }

  @Override
  public Place place() {
    return Place.POD;
  }

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    AnsweringCall<ReqT, RespT> answering = new AnsweringCall<>(call);
    ServerCall.Listener<ReqT> listener = next.startCall(answering, headers);
    if (!call.getMethodDescriptor().getType().clientSendsOneMessage()) {
      answering.sendHeadersNow();
    }
    return listener;
  }

  /** Synchronized, because a handoff may end the call on another thread while it is started. */
  private final class AnsweringCall<ReqT, RespT> extends SimpleForwardingServerCall<ReqT, RespT> {

    private boolean headersSent;
    private boolean closed;

    AnsweringCall(ServerCall<ReqT, RespT> call) {
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
        headers.put(POD, THIS_POD);
        reports.ifPresent(all -> all.addToHeaders(headers));
        super.sendHeaders(headers);
      } else if (!headers.keys().isEmpty()) {
        log.warn(
            "Headers {} are too late and are not sent; set them when the call starts",
            headers.keys());
      }
    }

    @Override
    public synchronized void close(Status status, Metadata trailers) {
      closed = true;
      if (!headersSent) {
        trailers.put(POD, THIS_POD);
      }
      reports.ifPresent(all -> all.addToTrailers(trailers));
      super.close(status, trailers);
    }
  }
}
