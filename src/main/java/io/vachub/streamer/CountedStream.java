package io.vachub.streamer;

import io.grpc.stub.ServerCallStreamObserver;
import io.micrometer.core.instrument.Counter;
import io.vachub.proto.TextResponse;
import io.vachub.streams.ActiveStreams;

/** Answers once, with the count, at the end of the stream. */
final class CountedStream extends TextStream {

  CountedStream(
      ServerCallStreamObserver<TextResponse> responses,
      Counter messages,
      ActiveStreams activeStreams) {
    super(responses, messages, activeStreams);
  }

  @Override
  void answerMessage() {
    // The count is answered at the end.
  }

  @Override
  public void onCompleted() {
    responses.onNext(count(messageCount()));
    responses.onCompleted();
  }
}
