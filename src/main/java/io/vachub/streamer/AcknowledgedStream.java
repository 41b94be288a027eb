package io.vachub.streamer;

import io.grpc.stub.ServerCallStreamObserver;
import io.vachub.proto.TextResponse;

/** Answers each message with the running count, at the pace at which the client reads. */
final class AcknowledgedStream extends TextStream {

  /**
   * The bytes of answers that wait to be read. Each answer is an object many times its size, so
   * further outstanding answers are only counted.
   */
  private static final int WAITING_BYTES = 1024;

  private int answered;

  AcknowledgedStream(ServerCallStreamObserver<TextResponse> responses, Meters meters) {
    super(responses, meters);
    responses.setOnReadyThreshold(WAITING_BYTES);
    responses.setOnReadyHandler(this::answerAndRequestMore);
  }

  private void answerAndRequestMore() {
    answerMessage();
    requestMore();
  }

  @Override
  void answerMessage() {
    while (answered < messageCount() && responses.isReady()) {
      answered++;
      responses.onNext(count(answered));
    }
  }

  @Override
  boolean canAnswer() {
    return responses.isReady();
  }

  @Override
  public void onCompleted() {
    while (answered < messageCount()) {
      answered++;
      responses.onNext(count(answered));
    }
    responses.onCompleted();
  }
}
