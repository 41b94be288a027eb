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
public final class TestStream<ReqT, RespT> extends ClientCall.Listener<RespT> {

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

  private final ClientCall<ReqT, RespT> call;
  private final CompletableFuture<Metadata> headers = new CompletableFuture<>();
  private final CompletableFuture<End> end = new CompletableFuture<>();
  private final List<RespT> answers = new CopyOnWriteArrayList<>();

  private TestStream(ClientCall<ReqT, RespT> call) {
    this.call = call;
  }

  /** Opens a stream that reads answers as they come, and accepts to be handed off. */
  public static <ReqT, RespT> TestStream<ReqT, RespT> open(
      Channel channel, MethodDescriptor<ReqT, RespT> method) {
    return open(channel, method, CallOptions.DEFAULT);
  }

  public static <ReqT, RespT> TestStream<ReqT, RespT> open(
      Channel channel, MethodDescriptor<ReqT, RespT> method, CallOptions options) {
    Metadata headers = new Metadata();
    headers.put(Handoff.REASON, CallHeaders.ACCEPT);
    return open(channel, method, options, headers);
  }

  /** Opens a stream as clients do that never heard of handoffs. */
  public static <ReqT, RespT> TestStream<ReqT, RespT> openSilent(
      Channel channel, MethodDescriptor<ReqT, RespT> method) {
    return open(channel, method, CallOptions.DEFAULT, new Metadata());
  }

  /** Opens a stream with these headers and no others. */
  public static <ReqT, RespT> TestStream<ReqT, RespT> open(
      Channel channel,
      MethodDescriptor<ReqT, RespT> method,
      CallOptions options,
      Metadata headers) {
    TestStream<ReqT, RespT> stream = new TestStream<>(channel.newCall(method, options));
    stream.call.start(stream, headers);
    stream.call.request(Integer.MAX_VALUE);
    return stream;
  }

  public TestStream<ReqT, RespT> send(ReqT message) {
    call.sendMessage(message);
    return this;
  }

  public TestStream<ReqT, RespT> halfClose() {
    call.halfClose();
    return this;
  }

  public void cancel() {
    call.cancel("the test cancels", null);
  }

  public List<RespT> answers() {
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
  public void onMessage(RespT message) {
    answers.add(message);
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    end.complete(new End(status, trailers));
  }
}
