package io.vachub.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.vachub.client.TextSender.Rpc;
import io.vachub.proto.StreamerGrpc;
import io.vachub.proto.TextRequest;
import io.vachub.proto.TextResponse;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The Java client to copy, on a server that does as each test says. */
class TextSenderTest {

  private static final Predicate<List<TextRequest>> AGAIN = messages -> true;

  private final List<ManagedChannel> channels = new CopyOnWriteArrayList<>();
  private Stage stage;

  @AfterEach
  void stop() {
    channels.forEach(ManagedChannel::shutdownNow);
    stage.server.shutdownNow();
  }

  private TextSender sender(Rpc rpc, Predicate<List<TextRequest>> unknown, int keep) {
    return new TextSender(
        () -> {
          ManagedChannel channel =
              ManagedChannelBuilder.forAddress("localhost", stage.server.getPort())
                  .usePlaintext()
                  .build();
          channels.add(channel);
          return channel;
        },
        rpc,
        unknown,
        keep);
  }

  private static void send(TextSender sender, int first, int last) throws Exception {
    for (int number = first; number <= last; number++) {
      sender.send(TextRequest.newBuilder().setMessage(Integer.toString(number)).build());
    }
  }

  private static List<Integer> numbers(int first, int last) {
    return IntStream.rangeClosed(first, last).boxed().toList();
  }

  @ParameterizedTest
  @EnumSource
  void goesOnAfterAHandoff(Rpc rpc) throws Exception {
    stage =
        new Stage(
            Scene.of(3).handingOff("age"), Scene.of(3).handingOff("rebalance"), Scene.unlimited());
    try (TextSender sender = sender(rpc, AGAIN, 100)) {
      send(sender, 1, 10);
      assertThat(sender.finish()).isEqualTo(10);
      assertThat(sender.ends()).isEqualTo(Map.of("age", 1, "rebalance", 1, "completed", 1));
      assertThat(stage.received).isEqualTo(numbers(1, 10));
      assertThat(stage.headers("vachub-handoff")).containsOnly("accept");
      assertThat(stage.peers.get(1)).isEqualTo(stage.peers.get(0));
      assertThat(stage.peers.get(2)).isNotEqualTo(stage.peers.get(1));
    }
  }

  @ParameterizedTest
  @EnumSource
  void goesOnThoughItIsGivenNothing(Rpc rpc) throws Exception {
    stage = new Stage(Scene.of(1).handingOff("drain"), Scene.unlimited());
    try (TextSender sender = sender(rpc, AGAIN, 100)) {
      send(sender, 1, 1);
      await().until(() -> stage.peers.size() == 2);
      send(sender, 2, 3);
      assertThat(sender.finish()).isEqualTo(3);
      assertThat(stage.received).isEqualTo(numbers(1, 3));
    }
  }

  @ParameterizedTest
  @EnumSource
  void triesAgainOnANewConnectionWhenRefused(Rpc rpc) throws Exception {
    stage = new Stage(Scene.refusing("0"), Scene.refusing("20"), Scene.unlimited());
    try (TextSender sender = sender(rpc, AGAIN, 100)) {
      send(sender, 1, 3);
      assertThat(sender.finish()).isEqualTo(3);
      assertThat(sender.ends()).isEqualTo(Map.of("refused", 2, "completed", 1));
      assertThat(stage.headers("vachub-attempt")).containsExactly("0", "1", "2");
      assertThat(Set.copyOf(stage.peers)).hasSize(3);
      assertThat(stage.received).isEqualTo(numbers(1, 3));
    }
  }

  @ParameterizedTest
  @CsvSource({"ACKNOWLEDGE, true", "ACKNOWLEDGE, false", "PROCESS, true", "PROCESS, false"})
  void asksWhatToDoWithWhatIsUnknownAfterACut(Rpc rpc, boolean again) throws Exception {
    stage =
        new Stage(Scene.of(6).acknowledging(4).endingWith(Status.UNAVAILABLE), Scene.unlimited());
    List<Integer> unknown = new CopyOnWriteArrayList<>();
    Predicate<List<TextRequest>> decision =
        messages -> {
          messages.forEach(message -> unknown.add(Integer.valueOf(message.getMessage())));
          return again;
        };
    try (TextSender sender = sender(rpc, decision, 100)) {
      send(sender, 1, 6);
      await().until(() -> stage.peers.size() == 2);
      send(sender, 7, 7);
      long counted = sender.finish();

      int first = rpc == Rpc.ACKNOWLEDGE ? 5 : 1;
      assertThat(unknown).isEqualTo(numbers(first, 6));
      assertThat(sender.ends()).isEqualTo(Map.of("cut", 1, "completed", 1));
      List<Integer> received = new ArrayList<>(numbers(1, 6));
      received.addAll(again ? unknown : List.of());
      received.add(7);
      assertThat(stage.received).isEqualTo(received);
      assertThat(counted).isEqualTo(again ? 7 : first);
    }
  }

  @ParameterizedTest
  @EnumSource
  void keepsTheOrderOfWhatItSendsAgain(Rpc rpc) throws Exception {
    stage =
        new Stage(
            Scene.of(20).acknowledging(4).endingWith(Status.UNAVAILABLE),
            Scene.of(1).handingOff("age"),
            Scene.unlimited());
    // More than is on its way at a time, so that some is sent again and some is not yet.
    String padding = "x".repeat(100_000);
    try (TextSender sender = sender(rpc, AGAIN, 100)) {
      for (int number : numbers(1, 20)) {
        sender.send(
            TextRequest.newBuilder()
                .setMessage(Integer.toString(number))
                .setClientId(padding)
                .build());
      }
      sender.finish();
      List<Integer> received = new ArrayList<>(numbers(1, 20));
      received.addAll(numbers(rpc == Rpc.ACKNOWLEDGE ? 5 : 1, 20));
      assertThat(stage.received).isEqualTo(received);
    }
  }

  @ParameterizedTest
  @EnumSource
  void hearsTheCountBeforeItKeepsTooMany(Rpc rpc) throws Exception {
    stage = new Stage(Scene.unlimited(), Scene.unlimited(), Scene.unlimited());
    try (TextSender sender = sender(rpc, AGAIN, 4)) {
      send(sender, 1, 10);
      assertThat(sender.finish()).isEqualTo(10);
      assertThat(sender.ends()).isEqualTo(Map.of("completed", rpc == Rpc.PROCESS ? 3 : 1));
      assertThat(stage.received).isEqualTo(numbers(1, 10));
    }
  }

  @ParameterizedTest
  @EnumSource
  void throwsWhatAnotherAttemptDoesNotMend(Rpc rpc) throws Exception {
    stage = new Stage(Scene.of(2).endingWith(Status.INVALID_ARGUMENT), Scene.refusing("-1"));
    for (Status.Code code : List.of(Status.Code.INVALID_ARGUMENT, Status.Code.RESOURCE_EXHAUSTED)) {
      try (TextSender sender = sender(rpc, AGAIN, 100)) {
        assertThatThrownBy(
                () -> {
                  send(sender, 1, 2);
                  sender.finish();
                })
            .isInstanceOf(StatusException.class)
            .hasMessageStartingWith(code.name());
      }
    }
  }

  /** What the server does with one stream. A null in the place of a reason or pushback: none. */
  private record Scene(
      int after, int acknowledged, String handoff, Status status, String pushback) {

    static Scene unlimited() {
      return of(Integer.MAX_VALUE);
    }

    /** Takes so many messages, acknowledges them and ends the stream. */
    static Scene of(int messages) {
      return new Scene(messages, Integer.MAX_VALUE, null, Status.OK, null);
    }

    static Scene refusing(String pushback) {
      return new Scene(0, 0, null, Status.RESOURCE_EXHAUSTED, pushback);
    }

    Scene acknowledging(int messages) {
      return new Scene(after, messages, handoff, status, pushback);
    }

    Scene handingOff(String reason) {
      return new Scene(after, acknowledged, reason, status, pushback);
    }

    Scene endingWith(Status status) {
      return new Scene(after, acknowledged, handoff, status, pushback);
    }
  }

  /** Plays the next scene for each stream, and notes what it sees. */
  private static final class Stage implements ServerInterceptor {

    private static final Context.Key<Scene> SCENE = Context.key("scene");

    final List<Integer> received = new CopyOnWriteArrayList<>();
    final List<SocketAddress> peers = new CopyOnWriteArrayList<>();
    final Server server;
    private final List<Metadata> headers = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedDeque<Scene> play;

    Stage(Scene... play) throws IOException {
      this.play = new ConcurrentLinkedDeque<>(List.of(play));
      this.server =
          Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
              .addService(ServerInterceptors.intercept(service(), this))
              .build()
              .start();
    }

    List<String> headers(String name) {
      return headers.stream().map(sent -> sent.get(key(name))).toList();
    }

    private static Metadata.Key<String> key(String name) {
      return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    @Override
    public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
        ServerCall<ReqT, RespT> call, Metadata sent, ServerCallHandler<ReqT, RespT> next) {
      Scene scene = play.remove();
      headers.add(sent);
      peers.add(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
      Metadata trailers = new Metadata();
      if (scene.pushback != null) {
        trailers.put(key("grpc-retry-pushback-ms"), scene.pushback);
        call.close(scene.status, trailers);
        return new ServerCall.Listener<>() {};
      }
      Metadata answer = new Metadata();
      answer.put(key("vachub-pod"), "pod");
      call.sendHeaders(answer);
      if (scene.handoff != null) {
        trailers.put(key("vachub-handoff"), scene.handoff);
        trailers.put(key("vachub-message-count"), Integer.toString(scene.after));
      }
      ServerCall<ReqT, RespT> playing =
          new SimpleForwardingServerCall<>(call) {
            @Override
            public void sendHeaders(Metadata headers) {
              // They are sent.
            }

            @Override
            public void close(Status status, Metadata none) {
              super.close(status, trailers);
            }
          };
      return Contexts.interceptCall(Context.current().withValue(SCENE, scene), playing, sent, next);
    }

    private ServerServiceDefinition service() {
      return ServerServiceDefinition.builder(StreamerGrpc.SERVICE_NAME)
          .addMethod(
              // grpc-java keeps the headers of a call with a single answer back.
              StreamerGrpc.getProcessTextStreamMethod().toBuilder()
                  .setType(MethodType.BIDI_STREAMING)
                  .build(),
              ServerCalls.asyncBidiStreamingCall(
                  answers -> new Counting(SCENE.get(), answers, false)))
          .addMethod(
              StreamerGrpc.getAcknowledgeTextStreamMethod(),
              ServerCalls.asyncBidiStreamingCall(
                  answers -> new Counting(SCENE.get(), answers, true)))
          .build();
    }

    private final class Counting implements StreamObserver<TextRequest> {

      private final Scene scene;
      private final StreamObserver<TextResponse> answers;
      private final boolean acknowledges;
      private int count;

      Counting(Scene scene, StreamObserver<TextResponse> answers, boolean acknowledges) {
        this.scene = scene;
        this.answers = answers;
        this.acknowledges = acknowledges;
      }

      @Override
      public void onNext(TextRequest request) {
        if (count == scene.after) {
          return;
        }
        count++;
        received.add(Integer.valueOf(request.getMessage()));
        if (acknowledges && count <= scene.acknowledged) {
          answer();
        }
        if (count == scene.after) {
          end();
        }
      }

      @Override
      public void onCompleted() {
        if (count < scene.after) {
          end();
        }
      }

      @Override
      public void onError(Throwable t) {
        // The test is over.
      }

      private void end() {
        if (!scene.status.isOk()) {
          answers.onError(scene.status.asException());
          return;
        }
        if (!acknowledges) {
          answer();
        }
        answers.onCompleted();
      }

      private void answer() {
        answers.onNext(TextResponse.newBuilder().setMessageCount(count).build());
      }
    }
  }
}
