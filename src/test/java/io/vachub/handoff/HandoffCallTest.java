package io.vachub.handoff;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vachub.call.CallTransport;
import io.vachub.call.ServerSettings;
import io.vachub.call.UnreadableMessage;
import io.vachub.policy.HandoffReason;
import io.vachub.proto.StreamerGrpc;
import io.vachub.proto.TextRequest;
import io.vachub.proto.TextResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

/** Ends that meet at moments which no real transport can be made to choose. */
class HandoffCallTest {

  private final CallWheel wheel = new CallWheel();
  private final Endings endings = new Endings(new SimpleMeterRegistry());
  private final OpenCalls openCalls =
      new OpenCalls(
          endings,
          new ForcedClose(
              new ServerSettings(
                  Optional.empty(),
                  Optional.empty(),
                  Duration.ofSeconds(20),
                  DataSize.ofKilobytes(8),
                  "",
                  Duration.ZERO)),
          wheel);

  /** What was done to the transport, and what the service was told. */
  private final List<String> did = Collections.synchronizedList(new ArrayList<>());

  private volatile String count;
  private volatile Runnable whenTold = () -> {};
  private boolean cancelled;
  private HandoffCall<TextRequest, TextResponse> call;
  private ServerCall.Listener<TextRequest> callbacks;

  @AfterEach
  void stop() {
    wheel.destroy();
  }

  /** A call of a client that accepts handoffs or does not, which the service ends like this. */
  private void open(boolean accepts, Runnable end) {
    call = new HandoffCall<>(new Transport(), new CallTransport(), accepts, openCalls);
    openCalls.add(call, Optional.empty());
    callbacks =
        call.start(
            new Metadata(),
            (started, headers) -> {
              Handoff.onHandoff(end);
              return new Service();
            });
  }

  private void complete() {
    call.close(Status.OK, new Metadata());
  }

  @Test
  void aCallThatIsOverIsNotHandedOff() {
    open(true, () -> did.add("end"));
    callbacks.onCancel();

    call.handOff(HandoffReason.AGE);

    assertThat(did).containsExactly("cancel");
    assertThat(openCalls.count()).isZero();
  }

  @Test
  void aCallThatItsServiceHasAnsweredIsNotHandedOff() {
    open(true, () -> did.add("end"));
    complete();

    call.handOff(HandoffReason.AGE);

    assertThat(did).containsExactly("close OK");
  }

  @Test
  void theEndRunsOnceAlsoIfTheAnswerComesLater() {
    open(true, () -> did.add("end"));

    call.handOff(HandoffReason.AGE);
    call.handOff(HandoffReason.DRAIN);
    complete();
    call.handOff(HandoffReason.DRAIN);

    assertThat(did).containsExactly("end", "close OK");
  }

  @Test
  void aCallWhoseHandoffWasAskedForIsNotChosenAgain() {
    open(true, () -> {});
    assertThat(openCalls.oldest(9, System.nanoTime(), true)).containsExactly(call);

    call.handOff(HandoffReason.AGE);

    assertThat(openCalls.oldest(9, System.nanoTime(), true)).isEmpty();
    assertThat(openCalls.handoffs(HandoffReason.DRAIN, true)).isEmpty();
  }

  @Test
  void theOldestAreChosenAmongThoseThatAreOldEnoughAndMayBe() {
    open(false, () -> {});
    HandoffCall<?, ?> silent = call;
    open(true, () -> {});
    HandoffCall<?, ?> second = call;
    open(true, () -> {});
    HandoffCall<?, ?> third = call;

    assertThat(openCalls.oldest(2, third.startNanos(), true)).containsExactly(silent, second);
    assertThat(openCalls.oldest(9, second.startNanos(), true)).containsExactly(silent, second);
    assertThat(openCalls.oldest(9, third.startNanos(), false)).containsExactly(second, third);
    assertThat(openCalls.handoffs(HandoffReason.DRAIN, true)).hasSize(2);
    assertThat(openCalls.handoffs(HandoffReason.DRAIN, false)).hasSize(1);
  }

  /** A client's own retries repeat no call that was answered with headers. */
  @Test
  void aSilentClientGetsHeadersBeforeItsStatus() {
    open(false, this::complete);

    call.handOff(HandoffReason.AGE);

    assertThat(did).containsExactly("headers", "close UNAVAILABLE");
  }

  @Test
  void headersAreSentOnce() {
    open(false, this::complete);
    call.sendHeaders(new Metadata());

    call.handOff(HandoffReason.AGE);

    assertThat(did).containsExactly("headers", "close UNAVAILABLE");
  }

  @Test
  void anErrorOfTheServiceDuringAHandoffStaysOne() {
    open(false, () -> call.close(Status.NOT_FOUND, new Metadata()));

    call.handOff(HandoffReason.AGE);

    assertThat(did).containsExactly("close NOT_FOUND");
  }

  @Test
  void nothingIsDeliveredAfterAHandoffUntilTheCallIsOver() {
    open(true, () -> did.add("end"));
    callbacks.onMessage(TextRequest.getDefaultInstance());

    call.handOff(HandoffReason.AGE);
    callbacks.onMessage(TextRequest.getDefaultInstance());
    callbacks.onHalfClose();
    complete();
    callbacks.onComplete();

    assertThat(did).containsExactly("message", "end", "close OK", "complete");
    assertThat(count).isEqualTo("1");
  }

  /** Each message was told to the service or is missing from the count, whoever had to wait. */
  @RepeatedTest(20)
  void theCountIsThatOfTheMessagesToldWhenAHandoffMeetsThem() throws InterruptedException {
    open(true, this::complete);
    Thread messages =
        new Thread(
            () -> {
              while (count == null) {
                callbacks.onMessage(TextRequest.getDefaultInstance());
              }
            });
    messages.start();
    while (did.size() < 1_000) {
      Thread.onSpinWait();
    }

    call.handOff(HandoffReason.AGE);
    messages.join();

    assertThat(count).isEqualTo(Integer.toString(Collections.frequency(did, "message")));
  }

  @Test
  void aMessageThatWaitsForAHandoffIsNeitherToldNorCounted() throws InterruptedException {
    CountDownLatch goOn = new CountDownLatch(1);
    open(
        true,
        () -> {
          await(goOn);
          complete();
        });
    callbacks.onMessage(TextRequest.getDefaultInstance());
    Thread handoff = waiting(() -> call.handOff(HandoffReason.AGE));
    Thread message = waiting(() -> callbacks.onMessage(TextRequest.getDefaultInstance()));

    goOn.countDown();
    handoff.join();
    message.join();

    assertThat(did).containsExactly("message", "close OK");
    assertThat(count).isEqualTo("1");
  }

  @Test
  void aMessageThatWaitsForAnotherIsCountedOnce() throws InterruptedException {
    CountDownLatch goOn = new CountDownLatch(1);
    whenTold = () -> await(goOn);
    open(true, this::complete);
    Thread first = waiting(() -> callbacks.onMessage(TextRequest.getDefaultInstance()));
    Thread second = waiting(() -> callbacks.onMessage(TextRequest.getDefaultInstance()));

    goOn.countDown();
    first.join();
    second.join();
    complete();

    assertThat(did).containsExactly("message", "message", "close OK");
    assertThat(count).isEqualTo("2");
  }

  /** A thread that runs this and has come to where it waits. */
  private static Thread waiting(Runnable action) {
    Thread thread = new Thread(action);
    thread.start();
    Awaitility.await().until(() -> thread.getState() == Thread.State.WAITING);
    return thread;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aMessageThatCannotBeReadEndsTheCallAsIfItsClientHadGone() {
    open(true, () -> did.add("end"));

    unreadableMessage();
    callbacks.onHalfClose();
    callbacks.onComplete();

    assertThat(did).containsExactly("close INVALID_ARGUMENT", "cancel");
  }

  @Test
  void aMessageThatCannotBeReadEndsNoCallThatIsAnswered() {
    open(true, () -> {});
    complete();
    unreadableMessage();
    callbacks.onComplete();

    assertThat(did).containsExactly("close OK", "complete");
  }

  @Test
  void aMessageThatCannotBeReadEndsNoCallThatIsHandedOff() {
    open(true, () -> did.add("end"));
    call.handOff(HandoffReason.AGE);
    unreadableMessage();
    complete();

    assertThat(did).containsExactly("end", "close OK");
  }

  @Test
  void anEndThatThrowsClosesTheCallUnlessItIsClosedOrCancelled() {
    open(true, HandoffCallTest::fail);
    call.handOff(HandoffReason.AGE);
    assertThat(did).containsExactly("close INTERNAL");

    did.clear();
    open(
        true,
        () -> {
          complete();
          fail();
        });
    call.handOff(HandoffReason.AGE);
    assertThat(did).containsExactly("close OK");

    did.clear();
    open(true, HandoffCallTest::fail);
    cancelled = true;
    call.handOff(HandoffReason.AGE);
    assertThat(did).isEmpty();
  }

  private static void fail() {
    throw new IllegalStateException("as the test wants");
  }

  /** gRPC passes on whatever a marshaller returns. */
  @SuppressWarnings({"rawtypes", "unchecked"})
  private void unreadableMessage() {
    ((ServerCall.Listener) callbacks).onMessage(new UnreadableMessage(Status.INVALID_ARGUMENT));
  }

  private final class Service extends ServerCall.Listener<TextRequest> {

    @Override
    public void onMessage(TextRequest message) {
      whenTold.run();
      did.add("message");
    }

    @Override
    public void onHalfClose() {
      did.add("half-close");
    }

    @Override
    public void onCancel() {
      did.add("cancel");
    }

    @Override
    public void onComplete() {
      did.add("complete");
    }
  }

  private final class Transport extends ServerCall<TextRequest, TextResponse> {

    @Override
    public void sendHeaders(Metadata headers) {
      did.add("headers");
    }

    @Override
    public void sendMessage(TextResponse message) {
      did.add("answer");
    }

    @Override
    public void close(Status status, Metadata trailers) {
      did.add("close " + status.getCode());
      count = trailers.get(Handoff.MESSAGE_COUNT);
    }

    @Override
    public void request(int numMessages) {}

    @Override
    public boolean isCancelled() {
      return cancelled;
    }

    @Override
    public Attributes getAttributes() {
      return Attributes.EMPTY;
    }

    @Override
    public MethodDescriptor<TextRequest, TextResponse> getMethodDescriptor() {
      return StreamerGrpc.getAcknowledgeTextStreamMethod();
    }
  }
}
