package io.vachub.bench;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.Status;
import io.vachub.proto.StreamerGrpc;
import io.vachub.proto.TextRequest;
import io.vachub.proto.TextResponse;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

/** A client that means no harm: one stream, on which it waits for the answer to each message. */
final class Neighbour implements AutoCloseable {

  private static final TextRequest MESSAGE =
      TextRequest.newBuilder().setMessage("1").setClientId("neighbour").setChannelId(1).build();
  private static final long PATIENCE_SECONDS = 10;

  /** Until the server's compiler has seen them. */
  private static final int WARM_UP = 1_000;

  private final ManagedChannel channel;
  private final ClientCall<TextRequest, TextResponse> call;
  private final BlockingQueue<Integer> answers = new ArrayBlockingQueue<>(1);
  private final CompletableFuture<Status> end = new CompletableFuture<>();
  private final LongStream.Builder nanos = LongStream.builder();
  private final Thread talking = new Thread(this::talk, "neighbour");
  private volatile boolean done;

  private Neighbour(int port) {
    channel = ManagedChannelBuilder.forAddress("localhost", port).usePlaintext().build();
    call = channel.newCall(StreamerGrpc.getAcknowledgeTextStreamMethod(), CallOptions.DEFAULT);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(TextResponse answer) {
            answers.add(answer.getMessageCount());
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            end.complete(status);
          }
        },
        new Metadata());
    call.request(Integer.MAX_VALUE);
  }

  /** Opens the stream and talks on it, warm, until it is closed. */
  static Neighbour of(int port) throws InterruptedException {
    Neighbour neighbour = new Neighbour(port);
    for (int i = 0; i < WARM_UP; i++) {
      neighbour.ask();
    }
    neighbour.talking.start();
    return neighbour;
  }

  /** Whether one who comes now is served. */
  static boolean isServed(int port) throws InterruptedException {
    try (Neighbour newcomer = new Neighbour(port)) {
      return newcomer.ask();
    }
  }

  private boolean ask() throws InterruptedException {
    call.sendMessage(MESSAGE);
    return answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS) != null;
  }

  private void talk() {
    try {
      while (!done && !end.isDone()) {
        long start = System.nanoTime();
        if (!ask()) {
          return;
        }
        nanos.add(System.nanoTime() - start);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends; how it went: how long it waited for its answers, or that it was cut. */
  String account() throws InterruptedException {
    done = true;
    talking.join();
    if (end.isDone()) {
      return "cut: " + end.join().getCode();
    }
    if (!ask()) {
      return "not answered";
    }
    long[] sorted = nanos.build().sorted().toArray();
    return "%.1f / %.0f ms"
        .formatted(sorted[sorted.length / 2] / 1e6, sorted[sorted.length * 99 / 100] / 1e6);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
