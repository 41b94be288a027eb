package io.vachub.streamer;

import io.grpc.stub.ServerCallStreamObserver;
import io.vachub.proto.TextResponse;

/** Answers once, with the count, at the end of the stream. */
final class CountedStream extends TextStream {

  CountedStream(ServerCallStreamObserver<TextResponse> responses, Meters meters) {
    super(responses, meters);
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
