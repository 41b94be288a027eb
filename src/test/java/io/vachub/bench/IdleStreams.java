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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Streams that sent one message and then say no more. */
final class IdleStreams implements AutoCloseable {

  private static final int STREAMS_PER_CONNECTION = 500;
  private static final TextRequest MESSAGE =
      TextRequest.newBuilder().setMessage("1").setClientId("bench").setChannelId(1).build();

  private static final Metadata.Key<String> HANDOFF =
      Metadata.Key.of("vachub-handoff", Metadata.ASCII_STRING_MARSHALLER);

  private final boolean accepting;
  private final List<ManagedChannel> channels = new ArrayList<>();

  private IdleStreams(boolean accepting) {
    this.accepting = accepting;
  }

  /** Opens so many and waits until the server has answered each of them. */
  static IdleStreams open(int count, int port) throws InterruptedException {
    return open(count, port, false);
  }

  /** The same, but they accept handoffs: one that is handed off is opened again. */
  static IdleStreams openAccepting(int count, int port) throws InterruptedException {
    return open(count, port, true);
  }

  private static IdleStreams open(int count, int port, boolean accepting)
      throws InterruptedException {
    IdleStreams streams = new IdleStreams(accepting);
    CountDownLatch answered = new CountDownLatch(count);
    for (int i = 0; i < count; i++) {
      if (i % STREAMS_PER_CONNECTION == 0) {
        streams.channels.add(
            ManagedChannelBuilder.forAddress("localhost", port)
                .usePlaintext()
                .directExecutor()
                .build());
      }
      streams.openOne(streams.channels.get(streams.channels.size() - 1), answered);
    }
    if (!answered.await(5, TimeUnit.MINUTES)) {
      throw new IllegalStateException(answered.getCount() + " streams were not answered");
    }
    return streams;
  }

  private void openOne(ManagedChannel channel, CountDownLatch answered) {
    ClientCall<TextRequest, TextResponse> call =
        channel.newCall(StreamerGrpc.getAcknowledgeTextStreamMethod(), CallOptions.DEFAULT);
    Metadata headers = new Metadata();
    if (accepting) {
      headers.put(HANDOFF, "accept");
    }
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(TextResponse answer) {
            answered.countDown();
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            if (accepting && status.isOk()) {
              openOne(channel, answered);
            } else if (status.getCode() != Status.Code.UNAVAILABLE
                // A pod that is leaving takes none back.
                && !(accepting && status.getCode() == Status.Code.RESOURCE_EXHAUSTED)) {
              throw new IllegalStateException(status.toString());
            }
          }
        },
        headers);
    call.request(Integer.MAX_VALUE);
    call.sendMessage(MESSAGE);
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
  }
}
