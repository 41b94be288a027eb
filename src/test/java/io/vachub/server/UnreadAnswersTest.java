package io.vachub.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.netty.util.internal.PlatformDependent;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.vachub.BytesMarshaller;
import io.vachub.RawHttp2;
import io.vachub.TestServer;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import net.devh.boot.grpc.server.service.GrpcService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;

/** Clients that make the pod answer and do not read, and their neighbours. */
class UnreadAnswersTest {

  private static final String ACKNOWLEDGE = "streaming.Streamer/AcknowledgeTextStream";
  private static final String ECHO = "test.Careless/Echo";
  private static final String LONG = "x".repeat(6_000);

  private static final String BOUND = "vachub.server.max-unread-bytes=1MB";

  /** As many as the service reads while no answer is. */
  private static final int MESSAGES = 384;

  private LastingStream neighbour;

  /** A service as many are: it answers whether the client reads or not. */
  static class Careless {

    @Bean
    @GrpcService
    BindableService carelessService() {
      MethodDescriptor<byte[], byte[]> echo =
          MethodDescriptor.newBuilder(new BytesMarshaller(), new BytesMarshaller())
              .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
              .setFullMethodName(ECHO)
              .build();
      return () ->
          ServerServiceDefinition.builder("test.Careless")
              .addMethod(echo, ServerCalls.asyncBidiStreamingCall(Careless::echo))
              .build();
    }

    private static StreamObserver<byte[]> echo(StreamObserver<byte[]> answers) {
      return new StreamObserver<>() {
        @Override
        public void onNext(byte[] message) {
          answers.onNext(message);
        }

        @Override
        public void onError(Throwable t) {
          // Nothing to do.
        }

        @Override
        public void onCompleted() {
          answers.onCompleted();
        }
      };
    }
  }

  @Test
  void answersThatWaitForTheirClientsAreBounded() throws Exception {
    try (TestServer server = TestServer.start(BOUND);
        HostileHttp2 attacker = HostileHttp2.deaf(server.grpcPort())) {
      neighbour = LastingStream.on(server);
      int slowReader = attacker.call(ACKNOWLEDGE);
      attacker.data(slowReader, HostileHttp2.messages(30));
      for (int i = 0; i < 40; i++) {
        int stream = attacker.call(ACKNOWLEDGE);
        attacker.data(stream, HostileHttp2.messages(MESSAGES));
        attacker.halfClose(stream);
      }

      await().untilAsserted(() -> assertThat(attacker.reset()).hasSizeBetween(26, 30));
      await()
          .untilAsserted(
              () ->
                  assertThat(server.metric("vachub_streams_ended_total{ending=\"client_error\"}"))
                      .isEqualTo(attacker.reset().size()));
      assertThat(attacker.reset())
          .as("it was there before them and holds little")
          .doesNotContain(slowReader);
      neighbour.lasts();
    }
  }

  @Test
  void aServiceThatAnswersWithoutAskingIsBounded() throws Exception {
    try (TestServer server = TestServer.startWith(Careless.class, BOUND);
        HostileHttp2 attacker = HostileHttp2.deaf(server.grpcPort())) {
      neighbour = LastingStream.on(server);
      int slowReader = attacker.call(ECHO);
      attacker.data(slowReader, RawHttp2.message(new byte[1_000]));
      int stream = attacker.call(ECHO);
      for (int i = 0; i < 30; i++) {
        attacker.data(stream, RawHttp2.message(new byte[50_000]));
      }

      await().untilAsserted(() -> assertThat(attacker.reset()).containsExactly(stream));
      neighbour.lasts();
    }
  }

  @Test
  void whatWasReadCountsNoMore() throws Exception {
    try (TestServer server = TestServer.startWith(Careless.class, BOUND);
        HostileHttp2 client = HostileHttp2.deaf(server.grpcPort())) {
      client.take(0, 10_000_000);
      List<Integer> streams = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        for (int stream : streams) {
          client.take(stream, 1_000_000);
        }
        for (int j = 0; j < 40; j++) {
          int stream = client.call(ECHO);
          client.data(stream, RawHttp2.message(new byte[12_000]));
          streams.add(stream);
        }
        client.awaitRead();
      }

      assertThat(client.reset()).isEmpty();
    }
  }

  @Test
  void answersToWhatIsNoCallDoNotWait() throws Exception {
    int requests = 900;
    try (TestServer server = TestServer.start();
        HostileHttp2 attacker = HostileHttp2.deaf(server.grpcPort())) {
      neighbour = LastingStream.on(server);
      long before = PlatformDependent.usedDirectMemory();
      for (int i = 0; i < requests; i++) {
        attacker.halfClose(attacker.request(ACKNOWLEDGE, LONG));
      }
      attacker.awaitRead();

      await().untilAsserted(() -> assertThat(attacker.reset()).hasSize(requests));
      assertThat(PlatformDependent.usedDirectMemory() - before).isLessThan(5_000_000);
      assertThat(attacker.isClosed()).isFalse();
      neighbour.lasts();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatWaitsForSocketsIsBounded(boolean atOnce) {
    List<RawHttp2> attackers = new ArrayList<>();
    try (TestServer server = TestServer.start(BOUND)) {
      neighbour = LastingStream.on(server);
      long before = PlatformDependent.usedDirectMemory();
      for (int i = 0; i < 10; i++) {
        RawHttp2 attacker = new RawHttp2(server.grpcPort());
        attackers.add(attacker);
        try {
          if (atOnce) {
            attacker.calls(999, "no.Such/" + LONG);
          } else {
            for (int call = 0; call < 999; call++) {
              attacker.call(2 * call + 1, "no.Such/" + LONG + call);
            }
          }
        } catch (UncheckedIOException e) {
          // Closed.
        }
      }

      await()
          .untilAsserted(
              () ->
                  assertThat(attackers.stream().filter(RawHttp2::isClosed)).hasSizeGreaterThan(5));
      await()
          .untilAsserted(
              () ->
                  assertThat(PlatformDependent.usedDirectMemory() - before).isLessThan(20_000_000));
      neighbour.lasts();
    } finally {
      attackers.forEach(RawHttp2::close);
    }
  }

  @Test
  void noMoreThanTheDefaultOfWhatWasSentIsRemembered() throws Exception {
    try (TestServer server = TestServer.start();
        HostileHttp2 attacker = HostileHttp2.rememberingHeaders(server.grpcPort())) {
      List<String> methods = List.of("a", "b", "c", "a");
      List<Integer> answers = new ArrayList<>();
      for (String method : methods) {
        int stream = attacker.call("no.Such/" + method + "x".repeat(2_000));
        attacker.halfClose(stream);
        await().until(() -> attacker.headerBytes().containsKey(stream));
        answers.add(attacker.headerBytes().get(stream));
      }

      assertThat(answers).as("each sent whole, the last as well").allMatch(bytes -> bytes > 1_000);
    }
  }

  @Test
  void whatFitsIntoTheDefaultIsRemembered() throws Exception {
    try (TestServer server = TestServer.start();
        HostileHttp2 client = HostileHttp2.rememberingHeaders(server.grpcPort())) {
      int last = 0;
      for (int i = 0; i < 2; i++) {
        int stream = client.call("no.Such/" + "x".repeat(2_000));
        client.halfClose(stream);
        await().until(() -> client.headerBytes().containsKey(stream));
        last = stream;
      }

      assertThat(client.headerBytes().get(last)).isLessThan(100);
    }
  }
}
