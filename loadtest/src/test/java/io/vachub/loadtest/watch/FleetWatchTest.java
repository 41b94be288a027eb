package io.vachub.loadtest.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.awaitility.Awaitility.await;

import io.vachub.loadtest.MetricsServer;
import io.vachub.loadtest.connection.SetupException;
import io.vachub.loadtest.counters.CounterSource;
import io.vachub.loadtest.measure.Cause;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FleetWatchTest {

  private MetricsServer one;
  private MetricsServer two;

  @BeforeEach
  void startPods() throws Exception {
    one = MetricsServer.start("127.0.0.1", 0).streams(30).messages(1_000);
    two = MetricsServer.start("127.0.0.1", 0).streams(10).messages(500);
  }

  @AfterEach
  void stopPods() {
    one.close();
    two.close();
  }

  @Test
  void showsTheStreamsOfNowAndWhatHappenedSinceItBegan() throws Exception {
    String counters =
        """
        vachub_streams_handed_off_total{client="accepts",reason="age"} %d
        vachub_streams_handed_off_total{client="silent",reason="age"} 4
        vachub_streams_handed_off_total{client="accepts",reason="drain"} 9
        vachub_streams_rejected_total{reason="full"} %d
        vachub_streams_ended_total{ending="completed"} %d
        vachub_streams_ended_total{ending="forced"} %d
        vachub_streams_ended_total{ending="connection_lost"} %d
        """;
    one.more(counters.formatted(5, 1, 50, 0, 0));
    FleetWatch watch = open(one, two);
    one.streams(20).messages(1_080).more(counters.formatted(8, 3, 60, 1, 2));

    Fleet fleet = watch.read();

    assertThat(fleet.sample().streamsByPod())
        .isEqualTo(Map.of(one.address(), 20L, two.address(), 10L));
    assertThat(fleet.sample().maxOverMean()).isEqualTo(20 / 15.0);
    assertThat(fleet.sample().sent()).isEqualTo(80);
    assertThat(fleet.messages()).isEqualTo(80);
    assertThat(fleet.causes())
        .isEqualTo(
            Map.of(
                Cause.handoff("age"),
                3L,
                Cause.refused("full"),
                2L,
                Cause.cut("force"),
                1L,
                Cause.left("connection_lost"),
                2L));
    assertThat(fleet.sample().causes()).isEqualTo(fleet.causes());
    assertThat(watch.read().sample().causes()).isEmpty();
  }

  /** The counters of a pod that was started anew begin at 0, and what they counted is news. */
  @Test
  void aCounterThatFellBeganAnew() throws Exception {
    FleetWatch watch = open(one);
    one.messages(40);

    assertThat(watch.read().messages()).isEqualTo(40);
  }

  @Test
  void aPodThatDoesNotAnswerHasNoStreamsThatAnybodyKnowsOf() throws Exception {
    FleetWatch watch = open(one, two);
    two.close();

    Fleet fleet = watch.read();

    assertThat(fleet.count(Pod.State.SILENT)).isOne();
    assertThat(fleet.sample().streamsByPod()).containsOnlyKeys(one.address());
  }

  /** What it counted in the meantime is not of the last interval alone. */
  @Test
  void theRateOfAPodThatAnswersAgainIsOfTheWholeTime() throws Exception {
    FleetWatch watch = open(one, two);
    double begin = watch.fleet().sample().seconds();
    int port = two.port();
    two.close();
    await().until(() -> watch.read().sample().seconds() > begin + 0.5);
    two = MetricsServer.start("127.0.0.1", port).messages(1_500);

    Fleet fleet = watch.read();

    Pod pod = fleet.pods().stream().filter(it -> it.name().equals(two.address())).findAny().get();
    assertThat(pod.messages()).isEqualTo(1_000);
    assertThat(pod.messagesPerSecond() * (fleet.sample().seconds() - begin))
        .isCloseTo(1_000, withinPercentage(50));
  }

  @Test
  void onePodThatAnswersIsEnoughToBegin() throws Exception {
    two.close();
    assertThat(open(one, two).fleet().count(Pod.State.ANSWERS)).isOne();
  }

  @Test
  void aPageThatIsNotOursIsSaid() {
    one.close();
    assertThatExceptionOfType(SetupException.class)
        .isThrownBy(() -> open(one))
        .withMessage(
            "%s: connection refused (expected: a metrics page in Prometheus' format)",
            one.address());
    assertThatExceptionOfType(SetupException.class)
        .isThrownBy(
            () -> FleetWatch.open(java.util.List.of(CounterSource.parse(two.address() + "/x"))))
        .withMessage(
            "%s: answers 404 (expected: a metrics page in Prometheus' format)", two.address());
  }

  private static FleetWatch open(MetricsServer... pods) throws Exception {
    return FleetWatch.open(
        Arrays.stream(pods).map(pod -> CounterSource.parse(pod.address())).toList());
  }
}
