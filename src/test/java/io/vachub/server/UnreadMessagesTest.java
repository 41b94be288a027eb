package io.vachub.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.util.internal.PlatformDependent;
import io.vachub.TestServer;
import io.vachub.TestStream;
import io.vachub.proto.StreamerGrpc;
import io.vachub.proto.TextRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that fill the pod with what its service cannot read, and their neighbours. */
class UnreadMessagesTest {

  private static final String CHECK = "grpc.health.v1.Health/Check";
  private static final String PROCESS = "streaming.Streamer/ProcessTextStream";
  private static final String ACKNOWLEDGE = "streaming.Streamer/AcknowledgeTextStream";

  private static final String BOUND = "vachub.server.max-unread-bytes=1MB";

  @TempDir private Path directory;
  private LastingStream neighbour;

  @BeforeEach
  void certificate() {
    new OpenSsl(directory).certificate("tls");
  }

  @Test
  void unfinishedMessagesOfAllCallsAreBounded() throws Exception {
    try (TestServer server = TestServer.start(BOUND);
        HostileHttp2 attacker = new HostileHttp2(server.grpcPort())) {
      neighbour = LastingStream.on(server);
      for (int i = 0; i < 40; i++) {
        attacker.data(
            attacker.call(i % 2 == 0 ? CHECK : PROCESS), HostileHttp2.unfinished(200_000));
      }

      await().untilAsserted(() -> assertThat(attacker.reset()).hasSizeBetween(34, 37));
      await()
          .untilAsserted(
              () ->
                  assertThat(server.metric("vachub_streams_ended_total{ending=\"client_error\"}"))
                      .as("the half of them that are streams")
                      .isBetween(16.0, 19.0));
      assertThat(server.metric("vachub_streams_ended_total{ending=\"client_cancel\"}")).isZero();
      neighbour.lasts();
    }
  }

  @Test
  void messagesAnswersAndPartsOfFramesAreBoundedTogether() throws Exception {
    List<HostileHttp2> parts = new ArrayList<>();
    try (TestServer server = TestServer.start(BOUND);
        HostileHttp2 attacker = HostileHttp2.deaf(server.grpcPort())) {
      neighbour = LastingStream.on(server);
      List<Integer> unfinished = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        unfinished.add(attacker.call(PROCESS));
        attacker.data(unfinished.get(i), HostileHttp2.unfinished(250_000));
      }
      // Whose answers take 30 KB each.
      for (int i = 0; i < 15; i++) {
        attacker.data(attacker.call(ACKNOWLEDGE), HostileHttp2.messages(384));
      }
      await().untilAsserted(() -> assertThat(attacker.reset()).containsExactly(unfinished.get(0)));

      for (int i = 0; i < 14; i++) {
        HostileHttp2 part = new HostileHttp2(server.grpcPort());
        parts.add(part);
        part.awaitRead();
        part.beginFrame(15_000);
      }
      await()
          .untilAsserted(
              () ->
                  assertThat(attacker.reset())
                      .containsExactlyInAnyOrder(unfinished.get(0), unfinished.get(1)));
      assertThat(parts).noneMatch(HostileHttp2::isClosed);
      neighbour.lasts();
    } finally {
      for (HostileHttp2 part : parts) {
        part.close();
      }
    }
  }

  @Test
  void aMessageLargerThanTheBoundGivesWay() {
    try (TestServer server = TestServer.start(BOUND)) {
      String large = "x".repeat(3_000_000);
      assertThat(
              TestStream.open(server.channel(), StreamerGrpc.getProcessTextStreamMethod())
                  .send(TextRequest.newBuilder().setMessage(large).build())
                  .halfClose()
                  .end()
                  .status()
                  .getCode())
          .isNotEqualTo(Status.Code.OK);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatStreamsThatReadNoAnswersWereSentIsBounded(boolean tls) throws Exception {
    try (TestServer server =
            tls ? TestServer.startWithTls(directory, BOUND) : TestServer.start(BOUND);
        HostileHttp2 attacker =
            tls
                ? HostileHttp2.deafOverTls(server.grpcPort())
                : HostileHttp2.deaf(server.grpcPort())) {
      if (!tls) {
        neighbour = LastingStream.on(server);
      }
      int slowReader = attacker.call(ACKNOWLEDGE);
      attacker.data(slowReader, HostileHttp2.messages(3_000));
      for (int i = 0; i < 40; i++) {
        attacker.data(attacker.call(ACKNOWLEDGE), HostileHttp2.messages(22_000));
      }

      await().untilAsserted(() -> assertThat(attacker.reset()).hasSizeBetween(34, 37));
      await()
          .untilAsserted(
              () ->
                  assertThat(server.metric("vachub_streams_ended_total{ending=\"client_error\"}"))
                      .isBetween(34.0, 37.0));
      assertThat(attacker.reset())
          .as("it was there before them and holds little")
          .doesNotContain(slowReader);
      if (!tls) {
        neighbour.lasts();
      }
    }
  }

  @Test
  void aStreamOfTheFirstBytesAfterAHandshakeIsBounded() throws Exception {
    try (TestServer server = TestServer.startWithTls(directory, BOUND);
        HostileHttp2 attacker = HostileHttp2.deafOverTls(server.grpcPort())) {
      int first = attacker.call(CHECK);
      attacker.data(first, HostileHttp2.unfinished(2_000_000));

      await().untilAsserted(() -> assertThat(attacker.reset()).containsExactly(first));
    }
  }

  @Test
  void aByteATimeCountsForWhatItTakes() throws Exception {
    try (TestServer server = TestServer.start(BOUND);
        HostileHttp2 attacker = HostileHttp2.deaf(server.grpcPort())) {
      neighbour = LastingStream.on(server);
      List<Integer> streams = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        int unfinished = attacker.call(PROCESS);
        attacker.pieces(unfinished, HostileHttp2.unfinished(1_500), 1);
        int unread = attacker.call(ACKNOWLEDGE);
        attacker.data(unread, HostileHttp2.messages(1_000));
        attacker.pieces(unread, HostileHttp2.messages(170), 1);
        int nothing = attacker.call(PROCESS);
        attacker.data(nothing, HostileHttp2.unfinished(5));
        attacker.nothing(nothing, 1_500);
        streams.addAll(List.of(unfinished, unread, nothing));
      }

      await()
          .untilAsserted(
              () ->
                  assertThat(attacker.reset())
                      .hasSizeBetween(4, 8)
                      .containsAll(streams.subList(0, 4)));
      neighbour.lasts();
    }
  }

  @Test
  void whatWasReadCountsNoMore() throws Exception {
    try (TestServer server = TestServer.start(BOUND);
        HostileHttp2 client = new HostileHttp2(server.grpcPort())) {
      int stream = client.call(PROCESS);
      byte[] messages = HostileHttp2.messages(500_000);
      // Not where messages begin.
      client.pieces(stream, messages, 1_000);

      await()
          .untilAsserted(
              () ->
                  assertThat(server.metric("app_message_processed_count_total"))
                      .isEqualTo(500_000));
      assertThat(client.reset()).isEmpty();
    }
  }

  @Test
  void aMessageThatIsNotReadDoesNotKeepWhatArrivedWithIt() throws Exception {
    int streams = 200;
    // As many as the service reads while no answer is: 1 KB of them, and it asks for 128 at a time.
    int read = 384;
    try (TestServer server = TestServer.start(BOUND);
        HostileHttp2 attacker = HostileHttp2.deaf(server.grpcPort())) {
      List<Integer> calls = new ArrayList<>();
      for (int i = 0; i < streams; i++) {
        int call = attacker.call(ACKNOWLEDGE);
        attacker.data(call, HostileHttp2.messages(read));
        calls.add(call);
      }
      attacker.awaitRead();
      long before = PlatformDependent.usedDirectMemory();

      for (int call : calls) {
        attacker.amidNoise(call, HostileHttp2.messages(1));
      }
      attacker.awaitRead();

      assertThat(PlatformDependent.usedDirectMemory() - before).isLessThan(10_000_000);
      assertThat(server.metric("app_message_processed_count_total"))
          .as("read, which the last of each is not")
          .isEqualTo(streams * read);
    }
  }
}
