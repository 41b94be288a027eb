package io.vachub.bench;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.vachub.proto.TextRequest;
import io.vachub.proto.TextResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Sends on some streams as fast as they take it. */
final class Load {

  private static final int MAX_CHANNELS = 4;
  private static final long WARM_UP_MILLIS = 15_000;

  /** What is sent: on how many streams, how large. */
  record Scenario(MethodDescriptor<TextRequest, TextResponse> method, int streams, int bytes) {

    @Override
    public String toString() {
      return "%s, %,d streams, %,d B"
          .formatted(method.getBareMethodName().replace("TextStream", ""), streams, bytes);
    }
  }

  private final Scenario scenario;
  private final int maxUnanswered;
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final AtomicLong counted = new AtomicLong();
  private final CountDownLatch ended;
  private volatile boolean done;

  private Load(Scenario scenario, int maxUnanswered) {
    this.scenario = scenario;
    this.maxUnanswered = maxUnanswered;
    this.ended = new CountDownLatch(scenario.streams());
  }

  /** Loads the server on this port until its compiler no longer takes more than the messages do. */
  static void warmUp(MethodDescriptor<TextRequest, TextResponse> method, int port)
      throws InterruptedException {
    run(new Scenario(method, 40, 40), port, WARM_UP_MILLIS);
  }

  /** Loads the server on this port for this long; the number of messages that it counted. */
  static long run(Scenario scenario, int port, long millis) throws InterruptedException {
    return new Load(scenario, Integer.MAX_VALUE).run(port, millis);
  }

  /** The same, but each stream waits for the answer to its message before it sends the next. */
  static long runOneByOne(Scenario scenario, int port, long millis) throws InterruptedException {
    return new Load(scenario, 1).run(port, millis);
  }

  private long run(int port, long millis) throws InterruptedException {
    try {
      open(port);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
      done = true;
      if (!ended.await(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException(scenario + " did not end");
      }
      return counted.get();
    } finally {
      channels.forEach(ManagedChannel::shutdownNow);
    }
  }

  private void open(int port) {
    TextRequest message =
        TextRequest.newBuilder()
            .setMessage("x".repeat(scenario.bytes()))
            .setClientId("bench")
            .setChannelId(1)
            .build();
    for (int i = 0; i < Math.min(MAX_CHANNELS, scenario.streams()); i++) {
      channels.add(
          ManagedChannelBuilder.forAddress("localhost", port)
              .usePlaintext()
              .directExecutor()
              .build());
    }
    for (int i = 0; i < scenario.streams(); i++) {
      new Sender(
              channels.get(i % channels.size()).newCall(scenario.method(), CallOptions.DEFAULT),
              message)
          .start();
    }
  }

  private final class Sender extends ClientCall.Listener<TextResponse> {

    /** Bounds one turn, so that the streams of a connection share its event loop. */
    private static final int MESSAGES_A_TURN = 64;

    private final ClientCall<TextRequest, TextResponse> call;
    private final TextRequest message;
    private int sent;
    private int last;
    private boolean halfClosed;

    Sender(ClientCall<TextRequest, TextResponse> call, TextRequest message) {
      this.call = call;
      this.message = message;
    }

    void start() {
      call.start(this, new Metadata());
      call.request(Integer.MAX_VALUE);
    }

    @Override
    public void onReady() {
      while (maySend() && !halfClosed) {
        for (int i = 0; i < MESSAGES_A_TURN && maySend(); i++) {
          call.sendMessage(message);
          sent++;
        }
        if (done) {
          halfClosed = true;
          call.halfClose();
        }
      }
    }

    private boolean maySend() {
      return sent - last < maxUnanswered && call.isReady();
    }

    @Override
    public void onMessage(TextResponse answer) {
      last = answer.getMessageCount();
      if (maxUnanswered < Integer.MAX_VALUE) {
        onReady();
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      if (!status.isOk()) {
        throw new IllegalStateException(status.toString());
      }
      counted.addAndGet(last);
      ended.countDown();
    }
  }
}
