package io.vachub.proof;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.vachub.call.CallHeaders;
import io.vachub.handoff.Handoff;
import io.vachub.proto.TextRequest;
import io.vachub.proto.TextResponse;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A client that numbers its messages and goes on after a handoff as a good client does: with the
 * message after the count that it was told, on a new connection if the reason is rebalance. A
 * stream that nobody accepted is tried again: at once and on a new connection if the server asks
 * for that, else a little later.
 */
final class LoopClient implements Runnable {

  private static final Set<Status.Code> TRY_AGAIN =
      Set.of(Status.Code.UNAVAILABLE, Status.Code.RESOURCE_EXHAUSTED);

  private static final Metadata.Key<String> PUSHBACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  private static final int MAX_BURST = 5;
  private static final long MIN_BACK_OFF_MILLIS = 100;

  /** Longer than anything here may take; then the run has failed. */
  private static final long PATIENCE_SECONDS = 120;

  private final String id;
  private final MethodDescriptor<TextRequest, TextResponse> rpc;
  private final Connection connection;
  private final Tally tally;
  private final long pauseMillis;
  private final long backOffMillis;

  private volatile boolean stopping;
  private volatile boolean givingUp;

  /** The highest number that is known to be processed, and the highest ever sent. */
  private volatile int confirmed;

  private int highest;

  /** How often the stream was refused in a row. */
  private int refused;

  LoopClient(
      String id,
      MethodDescriptor<TextRequest, TextResponse> rpc,
      Connection connection,
      Tally tally,
      Duration pause) {
    this.id = id;
    this.rpc = rpc;
    this.connection = connection;
    this.tally = tally;
    this.pauseMillis = pause.toMillis();
    this.backOffMillis = Math.max(MIN_BACK_OFF_MILLIS, pauseMillis);
  }

  String id() {
    return id;
  }

  int confirmed() {
    return confirmed;
  }

  /** Sends no new message from now on, and is done when all that it sent is confirmed. */
  void stop() {
    stopping = true;
  }

  /** Ends it at once or soon, whatever is not confirmed. */
  void giveUp() {
    stop();
    givingUp = true;
  }

  @Override
  public void run() {
    try {
      while (!givingUp && !(stopping && confirmed == highest)) {
        runStream();
      }
    } catch (TimeoutException e) {
      tally.errors.add(id + ": a stream did not end");
    } catch (InterruptedException e) {
      tally.errors.add(id + ": interrupted");
    }
  }

  private void runStream() throws TimeoutException, InterruptedException {
    Channel channel = connection.channel();
    Stream stream = new Stream(channel.newCall(rpc, CallOptions.DEFAULT));
    tally.streams.incrementAndGet();
    int first = confirmed + 1;
    int next = first;
    while (!givingUp && !stream.endsWithin(pauseMillis)) {
      int burst = ThreadLocalRandom.current().nextInt(1, MAX_BURST + 1);
      for (int i = 0; i < burst && stream.isReady() && (!stopping || next <= highest); i++) {
        stream.send(next);
        highest = Math.max(highest, next);
        next++;
      }
      if (stopping && next > highest) {
        stream.halfClose();
        break;
      }
    }
    if (givingUp) {
      stream.cancel();
    } else {
      judge(stream.end(), stream, channel, next - first);
    }
  }

  private void judge(End end, Stream stream, Channel channel, int sent)
      throws InterruptedException {
    String handoff = end.trailers.get(Handoff.REASON);
    if (stream.accepted) {
      refused = 0;
    }
    if (end.status.isOk()) {
      confirmed += stream.count;
      if (stream.count > sent) {
        tally.errors.add("%s: %d of %d messages counted".formatted(id, stream.count, sent));
      }
      if (handoff != null) {
        tally.handedOff(handoff);
      } else if (stream.count < sent) {
        tally.errors.add("%s: OK after %d of %d messages".formatted(id, stream.count, sent));
      }
      if ("rebalance".equals(handoff)) {
        connection.renew(channel);
      }
    } else if (!stream.accepted && TRY_AGAIN.contains(end.status.getCode())) {
      tally.backOffs.incrementAndGet();
      tally.status(end.status.getCode() + ": " + end.status.getDescription());
      if ("0".equals(end.trailers.get(PUSHBACK))) {
        refused++;
        connection.renew(channel);
      } else {
        stream.pause(backOffMillis);
      }
    } else {
      tally.cut.incrementAndGet();
      tally.status(end.status.getCode() + ": " + end.status.getDescription());
      // What is known to be processed: what was acknowledged.
      confirmed += stream.count;
      stream.pause(backOffMillis);
    }
  }

  private record End(Status status, Metadata trailers) {}

  private static final class Pause extends CompletableFuture<Void> {}

  /** One stream, as this client sees it. */
  private final class Stream extends ClientCall.Listener<TextResponse> {

    private final ClientCall<TextRequest, TextResponse> call;
    private final CompletableFuture<End> end = new CompletableFuture<>();

    /** Whether a server has answered at all: headers come at once. */
    private volatile boolean accepted;

    /** The last count that the server told. */
    private volatile int count;

    Stream(ClientCall<TextRequest, TextResponse> call) {
      this.call = call;
      Metadata headers = new Metadata();
      headers.put(Handoff.REASON, CallHeaders.ACCEPT);
      headers.put(CallHeaders.ATTEMPT, Integer.toString(refused));
      call.start(this, headers);
      call.request(Integer.MAX_VALUE);
    }

    boolean isReady() {
      return call.isReady();
    }

    void send(int number) {
      call.sendMessage(
          TextRequest.newBuilder()
              .setMessage(Integer.toString(number))
              .setClientId(id)
              .setChannelId(1)
              .build());
    }

    void cancel() {
      call.cancel("The client gives up", null);
    }

    void halfClose() {
      call.halfClose();
    }

    boolean endsWithin(long millis) throws InterruptedException {
      try {
        wait(end, millis, TimeUnit.MILLISECONDS);
        return true;
      } catch (TimeoutException e) {
        return false;
      }
    }

    End end() throws InterruptedException, TimeoutException {
      return wait(end, PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    void pause(long millis) throws InterruptedException {
      try {
        wait(new Pause(), millis, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        // The pause is over.
      }
    }

    private <T> T wait(CompletableFuture<T> future, long time, TimeUnit unit)
        throws InterruptedException, TimeoutException {
      try {
        return future.get(time, unit);
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void onHeaders(Metadata headers) {
      accepted = true;
    }

    @Override
    public void onMessage(TextResponse response) {
      if (rpc.getType().serverSendsOneMessage() || response.getMessageCount() == count + 1) {
        count = response.getMessageCount();
      } else {
        tally.errors.add("%s: answer %d after %d".formatted(id, response.getMessageCount(), count));
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      end.complete(new End(status, trailers));
    }
  }
}
