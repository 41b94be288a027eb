package io.vachub.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.services.HealthStatusManager;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With a pool of threads: gRPC may start a call and its interceptors on different ones. */
class CallTransportTest {

  private static final int CALLS = 500;

  private final Queue<CallTransport> found = new ConcurrentLinkedQueue<>();
  private final ExecutorService pool = Executors.newFixedThreadPool(4);
  private final int before = CallTransport.starting();
  private volatile boolean asking = true;
  private Server server;
  private ManagedChannel channel;

  /** An interceptor of a team's own that comes first, with a context that can be cancelled. */
  private static class WithOwnContext implements ServerInterceptor {

    @Override
    public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
        ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
      return Contexts.interceptCall(Context.current().withCancellation(), call, headers, next);
    }
  }

  private class Finding implements ServerInterceptor {

    @Override
    public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
        ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
      if (asking) {
        found.add(CallTransport.current());
      }
      return next.startCall(call, headers);
    }
  }

  @BeforeEach
  void start() throws IOException {
    server =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .executor(pool)
            .addStreamTracerFactory(new CallTransport.Factory())
            .addService(
                ServerInterceptors.interceptForward(
                    new HealthStatusManager().getHealthService(),
                    new WithOwnContext(),
                    new Finding()))
            .build()
            .start();
    channel =
        Grpc.newChannelBuilder("localhost:" + server.getPort(), InsecureChannelCredentials.create())
            .build();
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.shutdownNow();
    pool.shutdown();
  }

  private static HealthCheckRequest of(String service) {
    return HealthCheckRequest.newBuilder().setService(service).build();
  }

  @Test
  void eachCallFindsItsOwn() {
    List<ListenableFuture<?>> calls =
        IntStream.range(0, CALLS)
            .<ListenableFuture<?>>mapToObj(i -> HealthGrpc.newFutureStub(channel).check(of("")))
            .toList();
    assertThat(Futures.allAsList(calls)).succeedsWithin(Duration.ofSeconds(60));

    assertThat(Set.copyOf(found)).hasSize(CALLS);
    await()
        .untilAsserted(
            () -> assertThat(found).extracting(CallTransport::status).containsOnly(Status.OK));
    assertThat(CallTransport.starting()).isEqualTo(before);
  }

  @Test
  void aCallThatNobodyAskedForIsForgottenAtItsEnd() {
    asking = false;

    for (int i = 0; i < CALLS; i++) {
      HealthGrpc.newBlockingStub(channel).check(of(""));
    }

    assertThat(found).isEmpty();
    await().untilAsserted(() -> assertThat(CallTransport.starting()).isEqualTo(before));
  }

  @Test
  void outsideOfACallThereIsNone() {
    assertThatIllegalStateException()
        .isThrownBy(CallTransport::current)
        .withMessageStartingWith("No call is being started");
  }
}
