package io.vachub;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.vachub.call.CallHeaders;
import io.vachub.handoff.Handoff;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A stream as a client sees it: what it sends, what it is answered, how it ends. */
public final class TestStream<Q, S> extends ClientCall.Listener<S> {

  /** How a stream ended. */
  public record End(Status status, Metadata trailers) {

    public String handoff() {
      return trailers.get(Handoff.REASON);
    }

    /** The messages that reached the service, as the server tells it. */
    public String messageCount() {
      return trailers.get(Handoff.MESSAGE_COUNT);
    }
  }

  private final ClientCall<Q, S> call;
  private final CompletableFuture<Metadata> headers = new CompletableFuture<>();
  private final CompletableFuture<End> end = new CompletableFuture<>();
  private final List<S> answers = new CopyOnWriteArrayList<>();

  private TestStream(ClientCall<Q, S> call) {
    this.call = call;
  }

  /** Opens a stream that reads answers as they come, and accepts to be handed off. */
  public static <Q, S> TestStream<Q, S> open(Channel channel, MethodDescriptor<Q, S> method) {
    return open(channel, method, CallOptions.DEFAULT);
  }

  public static <Q, S> TestStream<Q, S> open(
      Channel channel, MethodDescriptor<Q, S> method, CallOptions options) {
    Metadata headers = new Metadata();
    headers.put(Handoff.REASON, CallHeaders.ACCEPT);
    return open(channel, method, options, headers);
  }

  /** Opens a stream as clients do that never heard of handoffs. */
  public static <Q, S> TestStream<Q, S> openSilent(Channel channel, MethodDescriptor<Q, S> method) {
    return open(channel, method, CallOptions.DEFAULT, new Metadata());
  }

  /** Opens a stream with these headers and no others. */
  public static <Q, S> TestStream<Q, S> open(
      Channel channel, MethodDescriptor<Q, S> method, CallOptions options, Metadata headers) {
    TestStream<Q, S> stream = new TestStream<>(channel.newCall(method, options));
    stream.call.start(stream, headers);
    stream.call.request(Integer.MAX_VALUE);
    return stream;
  }

  public TestStream<Q, S> send(Q message) {
    call.sendMessage(message);
    return this;
  }

  public TestStream<Q, S> halfClose() {
    call.halfClose();
    return this;
  }

  public void cancel() {
    call.cancel("the test cancels", null);
  }

  public List<S> answers() {
    return answers;
  }

  public Metadata headers() {
    return headers.orTimeout(30, TimeUnit.SECONDS).join();
  }

  public boolean ended() {
    return end.isDone();
  }

  /** Waits for the end. */
  public End end() {
    return end.orTimeout(30, TimeUnit.SECONDS).join();
  }

  @Override
  public void onHeaders(Metadata received) {
    headers.complete(received);
  }

  @Override
  public void onMessage(S message) {
    answers.add(message);
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    end.complete(new End(status, trailers));
  }
}
