package io.vachub.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.vachub.proto.StreamerGrpc;
import io.vachub.proto.StreamerGrpc.StreamerStub;
import io.vachub.proto.TextRequest;
import io.vachub.proto.TextResponse;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * Trains the JDK's AOT cache (JEP 483, 514): starts the service, does what a pod does in its first
 * minute, and has the JVM write down what it loaded and linked. Not what it found hot (JEP 515):
 * with that, a start compiles all of it at once, before the first message.
 */
public final class AotCache {

  private static final int MESSAGES = 50_000;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private AotCache() {}

  /**
   * Writes the cache. It serves only this JVM build, these jars and a like choice of the garbage
   * collector.
   *
   * @param java a JVM of Java 25 or newer, and what starts the service with it
   * @param log what the service prints meanwhile
   * @throws IOException if the service does not start or no cache comes of it
   */
  public static void train(List<String> java, Path cache, Path log)
      throws IOException, InterruptedException {
    int grpcPort = freePort();
    int httpPort = freePort();
    List<String> command = new ArrayList<>(java);
    command.addAll(
        1,
        List.of(
            "-XX:AOTCacheOutput=" + cache.toAbsolutePath(),
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:-AOTRecordTraining"));
    command.add("--grpc.server.port=" + grpcPort);
    command.add("--server.port=" + httpPort);
    command.add("--vachub.rebalance.peers=localhost:" + httpPort);
    command.add("--vachub.drain.quiet-period=0s");
    command.add("--spring.profiles.active=json-logs");
    Process service =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      awaitReady(service, httpPort, log);
      stream(grpcPort);
      get(httpPort, "/actuator/prometheus");
      service.destroy();
      if (!service.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || !Files.exists(cache)) {
        throw new IOException("the training wrote no AOT cache; see " + log);
      }
    } finally {
      service.destroyForcibly();
    }
  }

  private static void stream(int port) throws IOException, InterruptedException {
    ManagedChannel channel =
        ManagedChannelBuilder.forAddress("localhost", port).usePlaintext().build();
    try {
      StreamerStub streamer = StreamerGrpc.newStub(channel);
      send(streamer::processTextStream);
      send(streamer::acknowledgeTextStream);
    } finally {
      channel.shutdownNow().awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
  }

  private static void send(
      Function<StreamObserver<TextResponse>, StreamObserver<TextRequest>> rpc) {
    CompletableFuture<Integer> count = new CompletableFuture<>();
    StreamObserver<TextRequest> requests = rpc.apply(new LastCount(count));
    for (int i = 0; i < MESSAGES; i++) {
      requests.onNext(
          TextRequest.newBuilder().setMessage("message " + i).setClientId("training").build());
    }
    requests.onCompleted();
    if (count.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join() != MESSAGES) {
      throw new IllegalStateException("not all messages were counted");
    }
  }

  private static void awaitReady(Process service, int port, Path log)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!isReady(port)) {
      if (!service.isAlive() || System.nanoTime() - deadline > 0) {
        throw new IOException("the service did not start; see " + log);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
  }

  private static boolean isReady(int port) throws InterruptedException {
    try {
      return get(port, "/actuator/health/readiness") == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private static int get(int port, String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://localhost:" + port + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString(UTF_8))
        .statusCode();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static final class LastCount implements StreamObserver<TextResponse> {

    private final CompletableFuture<Integer> count;
    private int last;

    LastCount(CompletableFuture<Integer> count) {
      this.count = count;
    }

    @Override
    public void onNext(TextResponse response) {
      last = response.getMessageCount();
    }

    @Override
    public void onError(Throwable t) {
      count.completeExceptionally(t);
    }

    @Override
    public void onCompleted() {
      count.complete(last);
    }
  }
}
