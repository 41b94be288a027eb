package io.vachub.streamer;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vachub.handoff.Handoff;
import io.vachub.proto.StreamerGrpc;
import io.vachub.proto.TextRequest;
import io.vachub.proto.TextResponse;
import io.vachub.streams.ActiveStreams;
import org.springframework.stereotype.Service;

/** Counts the text messages of a stream. Its handlers never block. */
@Service
class StreamerService extends StreamerGrpc.StreamerImplBase {

  private final Meters meters;

  StreamerService(ActiveStreams activeStreams, MeterRegistry registry) {
    meters =
        new Meters(
            Counter.builder("app.message.processed.count")
                .description("Messages processed")
                .register(registry),
            activeStreams);
  }

  @Override
  public StreamObserver<TextRequest> processTextStream(StreamObserver<TextResponse> responses) {
    return open(new CountedStream(serverSide(responses), meters));
  }

  @Override
  public StreamObserver<TextRequest> acknowledgeTextStream(StreamObserver<TextResponse> responses) {
    return open(new AcknowledgedStream(serverSide(responses), meters));
  }

  private static TextStream open(TextStream stream) {
    Handoff.onHandoff(stream::handOff);
    return stream;
  }

  private static ServerCallStreamObserver<TextResponse> serverSide(
      StreamObserver<TextResponse> responses) {
    return (ServerCallStreamObserver<TextResponse>) responses;
  }
}
