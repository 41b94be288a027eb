package io.vachub.streamer;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.vachub.proto.TextRequest;
import io.vachub.proto.TextResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One open stream: its client and its count. gRPC calls it from one thread at a time. */
abstract class TextStream implements StreamObserver<TextRequest> {

  /** How many messages gRPC may deliver before the stream requests more: this limits buffering. */
  private static final int PREFETCHED_MESSAGES = 256;

  private static final Logger log = LoggerFactory.getLogger(TextStream.class);

  final ServerCallStreamObserver<TextResponse> responses;

  private final Meters meters;

  private String client = ClientName.UNKNOWN;
  private int channel;
  private int count;
  private int unrequested;
  private boolean handedOff;

  TextStream(ServerCallStreamObserver<TextResponse> responses, Meters meters) {
    this.responses = responses;
    this.meters = meters;
    Runnable logEnd = this::logEnd;
    responses.setOnCloseHandler(logEnd);
    responses.setOnCancelHandler(logEnd);
    responses.disableAutoRequest();
    responses.request(PREFETCHED_MESSAGES);
  }

  @Override
  public final void onNext(TextRequest request) {
    if (count == 0) {
      client = ClientName.of(request.getClientId());
      channel = request.getChannelId();
      log.info(
          "[Client: {}, Channel: {}] Stream opened. Active streams: {}",
          client,
          channel,
          meters.activeStreams().count());
    }
    count++;
    meters.messages().increment();
    answerMessage();
    unrequested++;
    if (unrequested >= PREFETCHED_MESSAGES / 2) {
      requestMore();
    }
  }

  /** Answers the message just counted, if this RPC answers each message. */
  abstract void answerMessage();

  /** The client is done: sends the outstanding answers and completes. */
  @Override
  public abstract void onCompleted();

  /** The server hands the stream off: ends it as if the client were done. */
  final void handOff() {
    handedOff = true;
    onCompleted();
  }

  @Override
  public final void onError(Throwable t) {
    // A cancellation, which the cancel handler has logged.
  }

  /** Requests as many messages as were consumed, unless the client is slow to read the answers. */
  final void requestMore() {
    if (unrequested > 0 && canAnswer()) {
      responses.request(unrequested);
      unrequested = 0;
    }
  }

  boolean canAnswer() {
    return true;
  }

  /** How many messages the stream has received. */
  final int messageCount() {
    return count;
  }

  static TextResponse count(int messages) {
    return TextResponse.newBuilder().setMessageCount(messages).build();
  }

  private void logEnd() {
    log.info(
        "[Client: {}, Channel: {}] Stream {} after {} messages. Active streams: {}",
        client,
        channel,
        responses.isCancelled() ? "cancelled" : handedOff ? "handed off" : "completed",
        count,
        meters.activeStreams().count());
  }
}
