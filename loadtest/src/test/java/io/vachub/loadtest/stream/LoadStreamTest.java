package io.vachub.loadtest.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.vachub.loadtest.Relay;
import io.vachub.loadtest.StreamerServer;
import io.vachub.loadtest.account.Account;
import io.vachub.loadtest.load.Ramp;
import io.vachub.loadtest.load.Rate;
import io.vachub.loadtest.load.Rpc;
import io.vachub.loadtest.measure.Cause;
import io.vachub.loadtest.measure.Counts;
import io.vachub.loadtest.measure.Timing;
import io.vachub.proto.TextRequest;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoadStreamTest {

  private static final int STREAMS = 5;
  private static final Duration TEN_MILLIS = Duration.ofMillis(10);

  private StreamerServer server;
  private RunningLoad load;

  @BeforeEach
  void startServer() throws Exception {
    server = StreamerServer.start("pod-a");
  }

  @AfterEach
  void stop() throws Exception {
    if (load != null) {
      load.close();
    }
    server.close();
  }

  @ParameterizedTest
  @MethodSource("bothRpcs")
  void aLoadThatIsLeftAloneIsProcessedToTheMessage(Rpc rpc) throws Exception {
    load = RunningLoad.start(rpc, STREAMS, server.address());
    awaitProcessed(100);

    Counts counts = load.finish();

    assertThat(counts.account()).isEqualTo(allProcessed(counts.account().sent(), 0));
    assertThat(counts.account().processed()).isEqualTo(server.processed());
    assertThat(counts.causes()).isEmpty();
    assertThat(counts.streamsByPod()).isEqualTo(Map.of("pod-a", 0L));
  }

  @ParameterizedTest
  @ValueSource(strings = {"age", "connection_age", "drain", "rebalance", "a-new-reason"})
  void goesOnAfterAHandoffWithTheNextMessage(String reason) throws Exception {
    load = RunningLoad.start(Rpc.PROCESS, 1, server.address());
    for (int i = 1; i <= 3; i++) {
      awaitProcessed(server.processed() + 20);
      server.handOff(reason);
      int handoffs = i;
      await().until(() -> load.timed(Timing.HANDOFF_GAP) == handoffs);
    }
    awaitProcessed(server.processed() + 20);

    Counts counts = load.finish();

    assertThat(counts.causes()).isEqualTo(Map.of(Cause.handoff(reason), 3L));
    assertThat(counts.opened()).isEqualTo(4);
    assertEachMessageOnceInOrder(counts);
  }

  @ParameterizedTest
  @MethodSource("bothRpcs")
  void aSilentClientGoesOnAfterTheCountThatTheTrailerTells(Rpc rpc) throws Exception {
    load = RunningLoad.startSilent(rpc, 1, server.address());
    for (int i = 1; i <= 3; i++) {
      awaitProcessed(server.processed() + 20);
      server.handOff("age");
      int handoffs = i;
      await().until(() -> load.timed(Timing.HANDOFF_GAP) == handoffs);
    }
    Counts counts = load.finish();

    assertThat(server.attempts()).as("streams that accept handoffs").isEmpty();
    assertThat(counts.causes()).isEqualTo(Map.of(Cause.handoff("age"), 3L));
    assertEachMessageOnceInOrder(counts);
  }

  @Test
  void aStreamThatIsTurnedAwayTriesAtOnceOverANewConnectionAndSaysHowOften() throws Exception {
    server.choices(4);
    load = RunningLoad.start(Rpc.PROCESS, 1, server.address());
    awaitProcessed(20);
    Counts counts = load.finish();

    assertThat(server.attempts()).containsExactly(0, 1, 2, 3);
    assertThat(server.connections()).isEqualTo(4);
    assertThat(counts.ended(Cause.Kind.REFUSED)).isEqualTo(3);
    assertThat(counts.causes()).containsOnlyKeys(Cause.REFUSED);
    assertEachMessageOnceInOrder(counts);
  }

  @ParameterizedTest
  @MethodSource("bothRpcs")
  void manyStreamsAtFullSpeedSurviveHandoffsWithoutALoss(Rpc rpc) throws Exception {
    load = RunningLoad.start(rpc, 3, 30, Rate.MAX, server.address());
    for (int i = 0; i < 5; i++) {
      awaitProcessed(server.processed() + 5_000);
      server.handOff("age");
    }
    awaitProcessed(server.processed() + 5_000);

    Account account = load.finish().account();

    assertThat(account).isEqualTo(allProcessed(account.sent(), account.resent()));
    assertThat(account.processed()).isEqualTo(server.processed());
    assertThat(account.resent()).isPositive();
  }

  @Test
  void aHandoffWhileTheLoadEndsIsFollowedToTheLastMessage() throws Exception {
    load = RunningLoad.start(Rpc.PROCESS, 2, 10, Rate.MAX, server.address());
    awaitProcessed(10_000);

    load.run().finish();
    server.handOff("drain");
    Account account = load.finish().account();

    assertThat(account).isEqualTo(allProcessed(account.sent(), account.resent()));
    assertThat(account.processed()).isEqualTo(server.processed());
  }

  @Test
  void aRebalancedStreamComesBackOverANewConnectionThatOthersShare() throws Exception {
    load = RunningLoad.start(Rpc.PROCESS, STREAMS, server.address());
    await().until(() -> server.open() == STREAMS);
    assertThat(server.connections()).isEqualTo(1);

    server.handOff("rebalance");

    await().until(() -> load.timed(Timing.HANDOFF_GAP) == STREAMS);
    assertThat(server.connections()).isEqualTo(2);
  }

  @Test
  void anAgedStreamComesBackOverTheSameConnection() throws Exception {
    load = RunningLoad.start(Rpc.PROCESS, STREAMS, server.address());
    await().until(() -> server.open() == STREAMS);

    server.handOff("age");

    await().until(() -> load.timed(Timing.HANDOFF_GAP) == STREAMS);
    assertThat(server.connections()).isEqualTo(1);
  }

  @Test
  void whatWasSentOnACutStreamIsUnknownAndIsNotSentAgain() throws Exception {
    load = RunningLoad.start(Rpc.PROCESS, 1, server.address());
    awaitProcessed(20);

    server.end(Status.UNAVAILABLE.withDescription("gone"));
    await().until(() -> load.timed(Timing.RECONNECT_GAP) == 1);
    awaitProcessed(server.processed() + 20);
    Counts counts = load.finish();

    Account account = counts.account();
    assertThat(counts.causes()).isEqualTo(Map.of(Cause.RESET, 1L));
    assertThat(account.unknown()).isGreaterThanOrEqualTo(20);
    assertThat(account.resent()).isZero();
    assertThat(account.sent()).isEqualTo(account.processed() + account.unknown());
    assertThat(server.processed()).isBetween(account.processed(), account.sent());
    assertThat(server.received()).doesNotHaveDuplicates();
  }

  @Test
  void acknowledgedMessagesOfACutStreamAreKnown() throws Exception {
    load = RunningLoad.start(Rpc.ACKNOWLEDGE, 1, server.address());
    await().until(() -> load.timed(Timing.ACKNOWLEDGE) >= 20);

    server.end(Status.UNAVAILABLE);
    await().until(() -> load.timed(Timing.RECONNECT_GAP) == 1);
    Account account = load.finish().account();

    assertThat(account.processed()).isGreaterThanOrEqualTo(20);
    assertThat(account.sent()).isEqualTo(account.processed() + account.unknown());
    assertThat(server.processed())
        .isBetween(account.processed(), account.processed() + account.unknown());
  }

  @Test
  void aConnectionClosedAfterGoawayIsToldFromOneThatBreaks() throws Exception {
    server.close();
    server =
        StreamerServer.start(
            "pod-a",
            settings ->
                settings
                    .maxConnectionAge(500, TimeUnit.MILLISECONDS)
                    .maxConnectionAgeGrace(200, TimeUnit.MILLISECONDS));
    load = RunningLoad.start(Rpc.PROCESS, 1, server.address());

    await().until(() -> load.counts().ended(Cause.Kind.GOAWAY) >= 2);

    assertThat(load.counts().ended(Cause.Kind.RESET)).isZero();
    assertThat(load.finish().account().unknown()).isPositive();
  }

  @Test
  void comesBackToAServerThatWasKilled() throws Exception {
    load = RunningLoad.start(Rpc.PROCESS, STREAMS, server.address());
    await().until(() -> server.open() == STREAMS && server.processed() > 20);
    int port = server.port();

    server.kill();
    await().until(() -> load.counts().ended(Cause.Kind.CONNECT) >= STREAMS);
    final long before = server.processed();
    server = StreamerServer.startAt(port, "pod-b");
    await().until(() -> server.open() == STREAMS && server.processed() > 20);
    Counts counts = load.finish();

    assertThat(counts.cut()).isEqualTo(STREAMS);
    assertThat(counts.streamsByPod()).containsKeys("pod-a", "pod-b");
    assertThat(counts.account().sent())
        .isEqualTo(counts.account().processed() + counts.account().unknown());
    assertThat(counts.account().processed()).isEqualTo(server.processed());
    assertThat(counts.account().unknown()).isGreaterThanOrEqualTo(before);
  }

  @Test
  void aRefusedStreamHasNoMessageOnItAndComesBack() throws Exception {
    server.capacity(2);
    load = RunningLoad.start(Rpc.PROCESS, STREAMS, server.address());
    await().until(() -> server.refused() >= 10 && server.open() == 2);

    server.capacity(STREAMS);
    await().until(() -> server.open() == STREAMS);
    awaitProcessed(server.processed() + 50);
    Counts counts = load.finish();

    assertThat(counts.ended(Cause.Kind.REFUSED)).isEqualTo(server.refused());
    assertThat(counts.account()).isEqualTo(allProcessed(server.processed(), 0));
    assertThat(counts.causes()).hasSize(1);
  }

  @Test
  void aStreamThatIsRefusedAsTheLoadEndsIsCountedAsRefused() throws Exception {
    server.keepHeadersBack();
    server.neverAnswerTheEnd();
    load = RunningLoad.start(Rpc.PROCESS, STREAMS, server.address());
    await().until(() -> server.open() == STREAMS);

    load.run().finish();
    server.end(Status.RESOURCE_EXHAUSTED);
    Counts counts = load.finish();

    assertThat(counts.ended(Cause.Kind.REFUSED)).isEqualTo(STREAMS);
    assertThat(counts.account()).isEqualTo(Account.EMPTY);
  }

  @Test
  void aStreamThatNobodyAnswersAsTheLoadEndsIsGivenUp() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      load = RunningLoad.start(Rpc.PROCESS, 1, "127.0.0.1:" + silent.getLocalPort());
      try (Socket connected = silent.accept()) {
        assertThat(connected.isConnected()).isTrue();
        assertThat(load.finish().account()).isEqualTo(Account.EMPTY);
      }
    }
  }

  @Test
  void anErrorOfTheServiceCutsTheStreamWhichComesBack() throws Exception {
    load = RunningLoad.start(Rpc.PROCESS, 1, server.address());
    awaitProcessed(10);

    server.end(Status.INTERNAL.withDescription("a bug"));

    await().until(() -> load.timed(Timing.RECONNECT_GAP) == 1);
    assertThat(load.counts().causes()).isEqualTo(Map.of(Cause.cut("INTERNAL"), 1L));
    assertThat(load.counts().cut()).isEqualTo(1);
    assertThat(load.counts().account().unknown()).isGreaterThanOrEqualTo(10);
  }

  @Test
  void aServerThatEndsWithoutAReasonIsFollowedFromItsCount() throws Exception {
    load = RunningLoad.start(Rpc.PROCESS, 1, server.address());
    awaitProcessed(20);

    server.end(Status.OK);
    await().until(() -> load.timed(Timing.HANDOFF_GAP) == 1);
    Counts counts = load.finish();

    assertThat(counts.causes()).isEqualTo(Map.of(Cause.handoff("unnamed"), 1L));
    assertEachMessageOnceInOrder(counts);
  }

  @Test
  void aServerThatCountsTooFewLosesMessages() throws Exception {
    server.miscountBy(-2);
    load = RunningLoad.start(Rpc.PROCESS, 1, server.address());
    awaitProcessed(20);

    Account account = load.finish().account();

    assertThat(account.lost()).isEqualTo(2);
    assertThat(account.processed()).isEqualTo(server.processed() - 2);
  }

  @Test
  void aServerThatCountsTooManyDoublesMessages() throws Exception {
    server.miscountBy(3);
    load = RunningLoad.start(Rpc.ACKNOWLEDGE, 1, server.address());
    awaitProcessed(20);

    Account account = load.finish().account();

    assertThat(account.doubled()).isEqualTo(3);
    assertThat(account.processed()).isEqualTo(server.processed());
  }

  @Test
  void aServerThatKeepsItsHeaderBackIsLoadedAllTheSame() throws Exception {
    server.keepHeadersBack();
    load = RunningLoad.start(Rpc.PROCESS, STREAMS, server.address());
    awaitProcessed(50);

    Account account = load.finish().account();

    assertThat(account).isEqualTo(allProcessed(server.processed(), 0));
  }

  @Test
  void messagesThatWentAheadOfARefusalAreGivenBack() throws Exception {
    server.keepHeadersBack();
    server.holdStreams();
    load = RunningLoad.start(Rpc.PROCESS, STREAMS, server.address());
    await().until(() -> load.counts().account().sent() >= 50);

    server.refuseHeld();
    awaitProcessed(100);
    Counts counts = load.finish();

    assertThat(counts.causes()).isEqualTo(Map.of(Cause.REFUSED, (long) STREAMS));
    assertThat(counts.account().resent()).isGreaterThanOrEqualTo(50);
    assertThat(counts.account())
        .isEqualTo(allProcessed(server.processed(), counts.account().resent()));
  }

  @Test
  void aServiceThatAnswersAtOnceGetsNoMessageBeforeItsHeaderHoweverSlowItIs() throws Exception {
    load = RunningLoad.start(Rpc.PROCESS, 1, server.address());
    awaitProcessed(20);
    server.holdStreams();
    server.handOff("age");
    await().until(() -> server.held() == 1);
    long firstHeld = System.nanoTime();
    long before = load.counts().account().sent() + load.counts().account().resent();
    await().until(() -> System.nanoTime() - firstHeld > Duration.ofMillis(1_500).toNanos());

    assertThat(load.counts().account().sent() + load.counts().account().resent())
        .as("messages sent ahead of a header")
        .isEqualTo(before);
    server.refuseHeld();
    awaitProcessed(server.processed() + 20);
    assertEachMessageOnceInOrder(load.finish());
  }

  @Test
  void whatWasGivenBackAndNotSentAgainIsUnsettledNotLost() throws Exception {
    load = RunningLoad.start(Rpc.PROCESS, 2, 10, Rate.MAX, server.address());
    awaitProcessed(10_000);
    server.holdStreams();

    server.handOff("drain");
    await().until(() -> server.held() == 10);
    Account account = load.giveUp().account();

    assertThat(account.lost()).isZero();
    assertThat(account.unsettled()).isPositive();
    assertThat(account.processed()).isEqualTo(server.processed());
    assertThat(account.sent()).isEqualTo(account.processed() + account.unsettled());
    assertThat(load.counts().unsettledStreams()).isPositive();
  }

  @Test
  void aStreamThatIsGivenUpIsUnsettledNotCut() throws Exception {
    server.neverAnswerTheEnd();
    load = RunningLoad.start(Rpc.PROCESS, STREAMS, server.address());
    awaitProcessed(50);

    load.run().finish();
    Counts counts = load.giveUp();

    assertThat(counts.causes()).isEmpty();
    assertThat(counts.unsettledStreams()).isEqualTo(STREAMS);
    assertThat(counts.account().unknown()).isZero();
    assertThat(counts.account().unsettled())
        .isEqualTo(counts.account().sent())
        .isGreaterThanOrEqualTo(50);
  }

  @Test
  void aStreamThatNoServerEverAnsweredIsCounted() throws Exception {
    server.capacity(0);
    load = RunningLoad.start(Rpc.PROCESS, STREAMS, server.address());
    await().until(() -> server.refused() >= 10);

    assertThat(load.finish().neverOpened()).isEqualTo(STREAMS);
  }

  @Test
  void withoutARateStreamsAreOnlyHeldOpen() throws Exception {
    load = RunningLoad.start(Rpc.PROCESS, 1, STREAMS, new Rate(0), server.address());
    await().until(() -> load.counts().opened() == STREAMS);

    assertThat(load.finish().account()).isEqualTo(Account.EMPTY);
  }

  @Test
  void everyAcknowledgementIsTimed() throws Exception {
    load = RunningLoad.start(Rpc.ACKNOWLEDGE, STREAMS, server.address());
    awaitProcessed(100);

    Counts counts = load.finish();

    assertThat(load.timed(Timing.ACKNOWLEDGE)).isEqualTo(counts.account().sent());
    assertThat(load.timed(Timing.RESPONSE_TIME)).isEqualTo(counts.account().sent());
    assertThat(load.timed(Timing.LATENESS)).isEqualTo(counts.account().sent());
    assertThat(load.timed(Timing.OPEN)).isEqualTo(STREAMS);
  }

  @Test
  void aUserWaitsFromTheScheduleOnWhateverBecameOfTheStream() throws Exception {
    load = RunningLoad.start(Rpc.ACKNOWLEDGE, 1, server.address());
    await().until(() -> load.timed(Timing.RESPONSE_TIME) >= 20);
    server.holdStreams();
    server.handOff("age");
    await().until(() -> server.held() == 1);
    long held = System.nanoTime();
    await().until(() -> System.nanoTime() - held > Duration.ofSeconds(1).toNanos());
    server.refuseHeld();
    awaitProcessed(server.processed() + 20);
    load.finish();

    assertThat(load.maxMillis(Timing.RESPONSE_TIME)).isGreaterThanOrEqualTo(900);
  }

  @Test
  void theServersWordsAreKept() throws Exception {
    load = RunningLoad.start(Rpc.PROCESS, 2, server.address());
    awaitProcessed(10);

    server.end(Status.INTERNAL.withDescription("a bug in line 7"));
    await().until(() -> load.counts().cut() == 2);

    assertThat(load.counts().texts())
        .isEqualTo(Map.of(Cause.cut("INTERNAL"), Map.of("INTERNAL: a bug in line 7", 2L)));
  }

  @Test
  void anEventLoopThatStandsStillIsMeasuredBeatByBeat() throws Exception {
    load = RunningLoad.start(Rpc.PROCESS, 1, server.address());
    awaitProcessed(10);

    load.stall(Duration.ofSeconds(1));
    awaitProcessed(server.processed() + 20);
    load.finish();

    assertThat(load.maxMillis(Timing.EVENT_LOOP_DELAY)).isGreaterThanOrEqualTo(900);
    assertThat(load.timedOver(Timing.EVENT_LOOP_DELAY, 100)).isGreaterThanOrEqualTo(80);
  }

  @Test
  void aConnectionThatSwallowsEverythingIsFoundOutAndCut() throws Exception {
    try (Relay relay = new Relay(server.port())) {
      load =
          RunningLoad.startWithKeepalive(Rpc.PROCESS, 2, Duration.ofSeconds(10), relay.address());
      awaitProcessed(20);
      relay.swallow();

      await()
          .atMost(60, TimeUnit.SECONDS)
          .until(() -> load.counts().cut() == 2 && load.timed(Timing.RECONNECT_GAP) == 2);
      Counts counts = load.finish();

      assertThat(counts.account().unknown()).isPositive();
      assertThat(counts.account().sent())
          .isEqualTo(counts.account().processed() + counts.account().unknown());
      assertThat(counts.texts().get(Cause.RESET).keySet())
          .singleElement()
          .asString()
          .contains("Keepalive failed");
    }
  }

  @Test
  void whatWasDueAndNeverLeftIsCounted() throws Exception {
    load = RunningLoad.start(Rpc.PROCESS, 1, server.address());
    awaitProcessed(20);
    server.holdStreams();
    server.handOff("age");
    await().until(() -> server.held() == 1);
    long held = System.nanoTime();
    await().until(() -> System.nanoTime() - held > Duration.ofSeconds(2).toNanos());

    load.run().finish();

    await().until(() -> load.counts().unsent() >= 80);
  }

  @Test
  void aStreamThatNeverOpensSendsNothingOfWhatItWasAskedFor() throws Exception {
    server.capacity(0);
    load = RunningLoad.start(Rpc.PROCESS, 2, server.address());
    long begun = System.nanoTime();
    await().until(() -> System.nanoTime() - begun > Duration.ofSeconds(3).toNanos());

    assertThat(load.finish().unsent()).isGreaterThanOrEqualTo(2 * 80);
  }

  @Test
  void aStreamThatOpensLateSendsAllThatItWasAskedForAndSaysHowLate() throws Exception {
    server.capacity(0);
    load = RunningLoad.start(Rpc.PROCESS, 2, server.address());
    long begun = System.nanoTime();
    await().until(() -> System.nanoTime() - begun > Duration.ofSeconds(3).toNanos());

    server.capacity(2);
    await().until(() -> load.counts().opened() == 2);
    double openAfterSeconds = (System.nanoTime() - begun) / 1e9;
    // More than one of the streams alone could have sent.
    awaitProcessed((int) (2 * 100 * (openAfterSeconds + 0.5)));
    Counts counts = load.finish();

    assertThat(counts.unsent()).isZero();
    assertThat(counts.late()).isGreaterThanOrEqualTo(2 * 190);
    assertThat(load.maxMillis(Timing.LATENESS)).isGreaterThan(1_500);
  }

  @Test
  void whatIsDueInAHandoffAtTheEndIsNotUnsent() throws Exception {
    load = RunningLoad.start(Rpc.PROCESS, 2, server.address());
    awaitProcessed(20);
    server.handOff("age");

    assertThat(load.finish().unsent()).isZero();
  }

  @Test
  void streamsGoRoundSeveralAddresses() throws Exception {
    try (StreamerServer other = StreamerServer.start("pod-b")) {
      String both = server.address() + "," + other.address();
      load = RunningLoad.start(Rpc.PROCESS, 1, 20, new Rate(5), new Ramp(1, TEN_MILLIS), both);
      await().until(() -> load.counts().opened() == 20);

      assertThat(load.counts().streamsByPod().get("pod-a")).isBetween(1L, 19L);
      assertThat(load.counts().streamsByPod().get("pod-b")).isBetween(1L, 19L);
      assertThat(load.finish().account().processed())
          .isEqualTo(server.processed() + other.processed());
    }
  }

  @Test
  void aChannelThatGoesRoundThePodsIsKeptWhenOneTurnsAStreamAway() throws Exception {
    server.choices(4);
    try (StreamerServer other = StreamerServer.start("pod-b")) {
      other.choices(4);
      String both = server.address() + "," + other.address();
      load = RunningLoad.start(Rpc.PROCESS, 1, 20, new Rate(5), new Ramp(1, TEN_MILLIS), both);
      await().until(() -> load.counts().opened() == 20);

      assertThat(load.counts().ended(Cause.Kind.REFUSED)).isEqualTo(60);
      assertThat(server.connections()).isEqualTo(1);
      assertThat(other.connections()).isEqualTo(1);
      load.finish();
    }
  }

  static List<Rpc> bothRpcs() {
    return List.of(Rpc.PROCESS, Rpc.ACKNOWLEDGE);
  }

  private void awaitProcessed(long messages) {
    await().atMost(30, TimeUnit.SECONDS).until(() -> server.processed() >= messages);
  }

  private static Account allProcessed(long messages, long resent) {
    return new Account(messages, resent, messages, 0, 0, 0, 0);
  }

  private void assertEachMessageOnceInOrder(Counts counts) {
    assertThat(counts.account().processed()).isEqualTo(server.processed());
    assertThat(counts.account().lost()).isZero();
    assertThat(counts.account().doubled()).isZero();
    assertThat(counts.account().unknown()).isZero();
    assertThat(server.received())
        .extracting(TextRequest::getMessage)
        .extracting(text -> Integer.parseInt(text.substring(0, 12)))
        .containsExactlyElementsOf(IntStream.range(0, (int) server.processed()).boxed().toList());
  }
}
