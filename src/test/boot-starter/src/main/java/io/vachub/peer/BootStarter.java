package io.vachub.peer;

import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vachub.proto.StreamerGrpc;
import io.vachub.proto.TextRequest;
import io.vachub.proto.TextResponse;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.grpc.server.service.GrpcService;

/** The two RPCs as the starter's own guide would have them written. */
@SpringBootApplication
public class BootStarter {

  public static void main(String[] args) {
    SpringApplication.run(BootStarter.class, args);
  }

  @GrpcService
  static class Streamer extends StreamerGrpc.StreamerImplBase {

    private final Counter messages;

    Streamer(MeterRegistry registry) {
      messages = Counter.builder("app.message.processed.count").register(registry);
    }

    @Override
    public StreamObserver<TextRequest> processTextStream(StreamObserver<TextResponse> responses) {
      return new Counting(responses, false);
    }

    @Override
    public StreamObserver<TextRequest> acknowledgeTextStream(
        StreamObserver<TextResponse> responses) {
      return new Counting(responses, true);
    }

    private final class Counting implements StreamObserver<TextRequest> {

      private final StreamObserver<TextResponse> responses;
      private final boolean acknowledges;
      private int count;

      Counting(StreamObserver<TextResponse> responses, boolean acknowledges) {
        this.responses = responses;
        this.acknowledges = acknowledges;
      }

      @Override
      public void onNext(TextRequest request) {
        count++;
        messages.increment();
        if (acknowledges) {
          answer();
        }
      }

      @Override
      public void onError(Throwable t) {}

      @Override
      public void onCompleted() {
        if (!acknowledges) {
          answer();
        }
        responses.onCompleted();
      }

      private void answer() {
        responses.onNext(TextResponse.newBuilder().setMessageCount(count).build());
      }
    }
  }
}
