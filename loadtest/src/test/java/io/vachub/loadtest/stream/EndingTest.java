package io.vachub.loadtest.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.Status;
import io.vachub.loadtest.account.Settlement;
import io.vachub.loadtest.measure.Cause;
import io.vachub.loadtest.pace.Backoff;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class EndingTest {

  private final Metadata trailers = new Metadata();

  @Test
  void okAfterTheClientIsDoneIsACompletion() {
    Ending ending = Ending.of(Status.OK, trailers, true, true, 10, 10, true);

    assertThat(ending.cause()).isEmpty();
    assertThat(ending.settlement()).isEqualTo(Settlement.completed(10, 10));
  }

  @Test
  void aHandoffThatCrossesTheClientsEndIsStillAHandoff() {
    trailers.put(Ending.HANDOFF, "drain");

    Ending ending = Ending.of(Status.OK, trailers, true, true, 10, 7, true);

    assertThat(ending.cause()).contains(Cause.handoff("drain"));
    assertThat(ending.settlement()).isEqualTo(Settlement.handedOff(10, 7));
  }

  @Test
  void okBeforeTheClientIsDoneIsAHandoffWithoutAName() {
    assertThat(Ending.of(Status.OK, trailers, true, false, 10, 7, true).cause())
        .contains(Cause.handoff("unnamed"));
  }

  @Test
  void aSilentClientIsToldTheCountByATrailer() {
    trailers.put(Ending.HANDOFF, "age");
    trailers.put(Ending.MESSAGE_COUNT, "7");

    Ending ending = Ending.of(Status.UNAVAILABLE, trailers, true, false, 10, 0, true);

    assertThat(ending.cause()).contains(Cause.handoff("age"));
    assertThat(ending.settlement()).isEqualTo(Settlement.handedOff(10, 7));
  }

  @Test
  void aSilentClientThatIsToldNoCountKnowsNone() {
    trailers.put(Ending.HANDOFF, "age");
    assertThat(Ending.of(Status.UNAVAILABLE, trailers, true, false, 10, 3, true).settlement())
        .isEqualTo(Settlement.cut(10, 3));

    trailers.put(Ending.MESSAGE_COUNT, "many");
    assertThat(Ending.of(Status.UNAVAILABLE, trailers, true, false, 10, 3, true).settlement())
        .isEqualTo(Settlement.cut(10, 3));
  }

  @Test
  void theTransportsWordsTellACutAfterGoawayFromOneWithoutWarning() {
    assertThat(cause(Status.UNAVAILABLE.withDescription("Connection closed after GOAWAY. x"), true))
        .isEqualTo(Cause.GOAWAY);
    assertThat(cause(Status.UNAVAILABLE.withDescription("Network closed for unknown reason"), true))
        .isEqualTo(Cause.RESET);
    assertThat(cause(Status.CANCELLED.withDescription("RST_STREAM closed stream"), true))
        .isEqualTo(Cause.RESET);
    assertThat(cause(Status.INTERNAL.withDescription("Received Rst Stream"), true))
        .isEqualTo(Cause.RESET);
  }

  @Test
  void aStreamThatWasNeverAnsweredFailedToConnect() {
    assertThat(cause(Status.UNAVAILABLE.withDescription("io exception"), false))
        .isEqualTo(Cause.CONNECT);
  }

  @Test
  void aStreamThatWasNotAnsweredButHasMessagesOnItIsCut() {
    Ending ending = Ending.of(Status.UNAVAILABLE, trailers, false, false, 3, 0, true);

    assertThat(ending.cause()).contains(Cause.RESET);
    assertThat(ending.settlement().unknown()).isEqualTo(3);
  }

  @Test
  void aRefusalSaysHowLongToStayAway() {
    trailers.put(Ending.PUSHBACK, "1500");

    Ending ending = Ending.of(Status.RESOURCE_EXHAUSTED, trailers, false, false, 0, 0, true);

    assertThat(ending.cause()).contains(Cause.REFUSED);
    assertThat(ending.pushback()).contains(Duration.ofMillis(1_500));
  }

  @Test
  void aPushbackThatIsNegativeOrNoNumberIsNotTakenAtItsWord() {
    trailers.put(Ending.PUSHBACK, "-1");
    assertThat(Ending.of(Status.RESOURCE_EXHAUSTED, trailers, false, false, 0, 0, true).pushback())
        .contains(Backoff.LONGEST);

    Metadata garbage = new Metadata();
    garbage.put(Ending.PUSHBACK, "soon");
    assertThat(Ending.of(Status.RESOURCE_EXHAUSTED, garbage, false, false, 0, 0, true).pushback())
        .isEmpty();
  }

  @Test
  void exhaustionOfAnOpenStreamIsACutWithAnUnknownCount() {
    Ending ending = Ending.of(Status.RESOURCE_EXHAUSTED, trailers, true, false, 5, 2, true);

    assertThat(ending.cause()).contains(Cause.cut("RESOURCE_EXHAUSTED"));
    assertThat(ending.settlement()).isEqualTo(Settlement.cut(5, 2));
  }

  @Test
  void whateverEndsAnOpenStreamUnaskedIsACut() {
    for (Status.Code code : Status.Code.values()) {
      if (code != Status.Code.OK) {
        assertThat(cause(code.toStatus(), true)).as(code.name()).matches(Cause::isCut);
      }
    }
    assertThat(Ending.of(Status.INTERNAL, trailers, true, true, 5, 0, true).cause())
        .contains(Cause.cut("INTERNAL"));
  }

  @Test
  void aStatusInsteadOfAStreamIsAFailure() {
    assertThat(cause(Status.INTERNAL, false)).isEqualTo(Cause.failure("INTERNAL"));
  }

  @Test
  void aRefusalThatMessagesWentAheadOfGivesThemBackIfItSaysSo() {
    assertThat(Ending.of(Status.RESOURCE_EXHAUSTED, trailers, false, false, 7, 0, true).cause())
        .contains(Cause.failure("RESOURCE_EXHAUSTED"));
    trailers.put(Ending.PUSHBACK, "1000");

    Ending ending = Ending.of(Status.RESOURCE_EXHAUSTED, trailers, false, false, 7, 0, true);

    assertThat(ending.cause()).contains(Cause.REFUSED);
    assertThat(ending.settlement()).isEqualTo(Settlement.handedOff(7, 0));
  }

  @Test
  void anOkThatNobodyAskedForIsACutWhereNobodyCounts() {
    Ending ending = Ending.of(Status.OK, trailers, true, false, 10, 4, false);

    assertThat(ending.cause()).contains(Cause.cut("OK"));
    assertThat(ending.settlement()).isEqualTo(Settlement.cut(10, 4));
  }

  @Test
  void aStreamThatEndsWellHasTakenEverythingWhereNobodyCounts() {
    assertThat(Ending.of(Status.OK, trailers, true, true, 10, 0, false).settlement())
        .isEqualTo(Settlement.completed(10, 10));
  }

  @Test
  void aTrailerCountsForEveryService() {
    trailers.put(Ending.MESSAGE_COUNT, "7");
    assertThat(Ending.of(Status.OK, trailers, true, true, 10, 0, false).settlement())
        .isEqualTo(Settlement.completed(10, 7));

    trailers.put(Ending.HANDOFF, "age");
    Ending ending = Ending.of(Status.OK, trailers, true, false, 10, 0, false);
    assertThat(ending.cause()).contains(Cause.handoff("age"));
    assertThat(ending.settlement()).isEqualTo(Settlement.handedOff(10, 7));
  }

  private Cause cause(Status status, boolean opened) {
    return Ending.of(status, trailers, opened, false, opened ? 10 : 0, 0, true)
        .cause()
        .orElseThrow();
  }
}
