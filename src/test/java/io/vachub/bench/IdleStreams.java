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

  private final List<ManagedChannel> channels = new ArrayList<>();

  private IdleStreams() {}

  /** Opens so many and waits until the server has answered each of them. */
  static IdleStreams open(int count, int port) throws InterruptedException {
    IdleStreams streams = new IdleStreams();
    CountDownLatch answered = new CountDownLatch(count);
    for (int i = 0; i < count; i++) {
      if (i % STREAMS_PER_CONNECTION == 0) {
        streams.channels.add(
            ManagedChannelBuilder.forAddress("localhost", port)
                .usePlaintext()
                .directExecutor()
                .build());
      }
      streams.openOne(answered);
    }
    if (!answered.await(5, TimeUnit.MINUTES)) {
      throw new IllegalStateException(answered.getCount() + " streams were not answered");
    }
    return streams;
  }

  private void openOne(CountDownLatch answered) {
    ClientCall<TextRequest, TextResponse> call =
        channels
            .get(channels.size() - 1)
            .newCall(StreamerGrpc.getAcknowledgeTextStreamMethod(), CallOptions.DEFAULT);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(TextResponse answer) {
            answered.countDown();
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            if (status.getCode() != Status.Code.UNAVAILABLE) {
              throw new IllegalStateException(status.toString());
            }
          }
        },
        new Metadata());
    call.request(Integer.MAX_VALUE);
    call.sendMessage(MESSAGE);
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
  }
}
