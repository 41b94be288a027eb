package io.vachub.streams;

import static java.util.Objects.requireNonNull;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.vachub.call.CallHeaders;
import io.vachub.call.CallInterceptor;
import io.vachub.call.Place;
import io.vachub.policy.Fleet;
import io.vachub.policy.Pushback;
import io.vachub.policy.Refusal;
import io.vachub.policy.RefusalReason;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Counts each application call up when it is accepted and down once, however it ends. It refuses
 * with RESOURCE_EXHAUSTED and {@code grpc-retry-pushback-ms} (gRFC A6) above {@code
 * vachub.streams.max-active}, and in favour of an emptier pod by the rules of {@link Refusal}.
 */
class ActiveStreamsInterceptor implements CallInterceptor {

  static final Metadata.Key<String> RETRY_PUSHBACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  private final ActiveStreams streams;
  private final FleetView fleet;
  private final ThisPod pod;
  private final LoadReports reports;
  private final Refusal refusal;

  ActiveStreamsInterceptor(
      ActiveStreams streams,
      FleetView fleet,
      ThisPod pod,
      LoadReports reports,
      RebalanceProperties rebalance) {
    this.streams = streams;
    this.fleet = fleet;
    this.pod = pod;
    this.reports = reports;
    this.refusal = new Refusal(rebalance.choices());
  }

  @Override
  public Place place() {
    return Place.CAPACITY;
  }

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    CallHeaders client = CallHeaders.of(headers);
    FirstAttempts firstAttempts = call.getAttributes().get(FirstAttempts.KEY);
    int attempt = firstAttempts.attempt(client.attempt());
    int open = streams.count();
    Fleet seen = fleet.current();
    Optional<RefusalReason> refused =
        refusal
            .of(open, seen, pod.isLeaving(), client.acceptsHandoff(), attempt)
            .or(() -> streams.tryOpen() ? Optional.empty() : Optional.of(RefusalReason.FULL));
    if (refused.isPresent()) {
      firstAttempts.refused(client.attempt());
      refuse(call, refused.get(), client.attempt(), open, seen);
      return new ServerCall.Listener<>() {};
    }
    firstAttempts.accepted();
    try {
      return new CountedListener<>(requireNonNull(next.startCall(call, headers)), streams);
    } catch (Throwable t) {
      // gRPC closes such a call without notifying a listener.
      streams.close();
      throw t;
    }
  }

  private void refuse(
      ServerCall<?, ?> call, RefusalReason reason, int attempt, int open, Fleet seen) {
    streams.countRefusal(reason);
    int pushback = Pushback.millis(reason, attempt, ThreadLocalRandom.current());
    Metadata trailers = new Metadata();
    trailers.put(RETRY_PUSHBACK, Integer.toString(pushback));
    reports.addToTrailers(trailers);
    call.close(
        Status.RESOURCE_EXHAUSTED.withDescription(
            "%s; retry in %d ms".formatted(why(reason, open, seen), pushback)),
        trailers);
  }

  private String why(RefusalReason reason, int open, Fleet seen) {
    return switch (reason) {
      case FULL ->
          "open streams: %d (vachub.streams.max-active: %d)".formatted(open, streams.max());
      case ABOVE_MEAN ->
          "open streams: %d, mean of the pods: %.1f".formatted(open, seen.mean(open));
      case LEAVING -> "This pod is shutting down or will be replaced next";
    };
  }

  /** gRPC notifies a listener of the end exactly once, by onCancel or by onComplete. */
  private static final class CountedListener<ReqT>
      extends SimpleForwardingServerCallListener<ReqT> {

    private final ActiveStreams streams;

    CountedListener(ServerCall.Listener<ReqT> delegate, ActiveStreams streams) {
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
