package io.vachub.streamer;

import io.grpc.stub.ServerCallStreamObserver;
import io.micrometer.core.instrument.Counter;
import io.vachub.load.ActiveStreams;
import io.vachub.proto.TextResponse;

/** Answers each message with the running count, at the pace at which the client reads. */
final class AcknowledgedStream extends TextStream {

  AcknowledgedStream(
      ServerCallStreamObserver<TextResponse> responses,
      Counter messages,
      ActiveStreams activeStreams) {
    super(responses, messages, activeStreams);
    responses.setOnReadyHandler(this::requestMore);
  }

  @Override
  void answerMessage() {
    responses.onNext(count());
  }

  @Override
  boolean canAnswer() {
    return responses.isReady();
  }

  @Override
  public void onCompleted() {
    responses.onCompleted();
  }
}
