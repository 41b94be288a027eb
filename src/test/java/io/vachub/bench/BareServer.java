package io.vachub.bench;

import io.grpc.ServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.vachub.proto.StreamerGrpc;
import io.vachub.proto.TextRequest;
import io.vachub.proto.TextResponse;

/** The reference: the same two RPCs on grpc-java alone, without metrics, tracing or handoff. */
final class BareServer {

  private BareServer() {}

  /** {@code ordinary|limit PORT}: as most people write it, or with all that grpc-java can give. */
  public static void main(String[] args) throws Exception {
    boolean limit = args[0].equals("limit");
    ServerBuilder<?> builder = ServerBuilder.forPort(Integer.parseInt(args[1]));
    if (limit) {
      builder.directExecutor();
    }
    builder.addService(limit ? new Limit() : new Ordinary()).build().start().awaitTermination();
  }

  private static TextResponse answer(int count) {
    return TextResponse.newBuilder().setMessageCount(count).build();
  }

  private static final class Ordinary extends StreamerGrpc.StreamerImplBase {

    @Override
    public StreamObserver<TextRequest> processTextStream(StreamObserver<TextResponse> responses) {
      return new Counting(responses) {
        @Override
        void answerMessage() {}

        @Override
        public void onCompleted() {
          responses.onNext(answer(count));
          responses.onCompleted();
        }
      };
    }

    @Override
    public StreamObserver<TextRequest> acknowledgeTextStream(
        StreamObserver<TextResponse> responses) {
      return new Counting(responses) {
        @Override
        void answerMessage() {
          responses.onNext(answer(count));
        }

        @Override
        public void onCompleted() {
          responses.onCompleted();
        }
      };
    }
  }

  private static final class Limit extends StreamerGrpc.StreamerImplBase {

    private static final int PREFETCHED = 256;

    @Override
    public StreamObserver<TextRequest> processTextStream(StreamObserver<TextResponse> responses) {
      var flow = (ServerCallStreamObserver<TextResponse>) responses;
      flow.disableAutoRequest();
      flow.request(PREFETCHED);
      return new Counting(responses) {
        @Override
        void answerMessage() {
          if (count % (PREFETCHED / 2) == 0) {
            flow.request(PREFETCHED / 2);
          }
        }

        @Override
        public void onCompleted() {
          responses.onNext(answer(count));
          responses.onCompleted();
        }
      };
    }

    @Override
    public StreamObserver<TextRequest> acknowledgeTextStream(
        StreamObserver<TextResponse> responses) {
      var flow = (ServerCallStreamObserver<TextResponse>) responses;
      flow.disableAutoRequest();
      flow.request(PREFETCHED);
      Counting stream =
          new Counting(responses) {
            private int unrequested;

            @Override
            void answerMessage() {
              responses.onNext(answer(count));
              unrequested++;
              if (unrequested >= PREFETCHED / 2) {
                requestMore();
              }
            }

            @Override
            void requestMore() {
              if (unrequested > 0 && flow.isReady()) {
                flow.request(unrequested);
                unrequested = 0;
              }
            }

            @Override
            public void onCompleted() {
              responses.onCompleted();
            }
          };
      flow.setOnReadyHandler(stream::requestMore);
      return stream;
    }
  }

  private abstract static class Counting implements StreamObserver<TextRequest> {

    final StreamObserver<TextResponse> responses;
    int count;

    Counting(StreamObserver<TextResponse> responses) {
      this.responses = responses;
    }

    abstract void answerMessage();

    void requestMore() {}

    @Override
    public void onNext(TextRequest request) {
      count++;
      answerMessage();
    }

    @Override
    public void onError(Throwable t) {}
  }
}
