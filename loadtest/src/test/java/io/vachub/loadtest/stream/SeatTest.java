package io.vachub.loadtest.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vachub.loadtest.StreamerServer;
import io.vachub.loadtest.load.Course;
import io.vachub.loadtest.load.Lifetime;
import io.vachub.loadtest.load.LoadCurve;
import io.vachub.loadtest.measure.Counts;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SeatTest {

  @Test
  void streamsComeAndGoWithTheCurveAndTheAccountIsExact() throws Exception {
    LoadCurve curve = LoadCurve.stages("3@1s,8@1s,2@1s,5@1s");
    try (StreamerServer server = StreamerServer.start("pod-a");
        RunningLoad load =
            RunningLoad.startOn(
                new Course(Optional.of(curve), Lifetime.ENDLESS), 8, server.address())) {
      for (int second = 0; second < 4; second++) {
        load.run().follow(second);
        int wanted = curve.streamsAt(second);
        await().atMost(30, TimeUnit.SECONDS).until(() -> server.open() == wanted);
        long before = server.processed();
        await().atMost(30, TimeUnit.SECONDS).until(() -> server.processed() > before + 20);
      }
      Counts counts = load.finish();

      assertThat(counts.opened()).isEqualTo(8 + 3);
      assertThat(counts.causes()).isEmpty();
      assertThat(counts.neverOpened()).isZero();
      assertThat(counts.account().processed()).isEqualTo(server.processed());
      assertThat(counts.account().sent()).isEqualTo(server.processed());
    }
  }

  @Test
  void aStreamThatHasLivedItsLifeEndsWellAndTheNextTakesItsPlace() throws Exception {
    try (StreamerServer server = StreamerServer.start("pod-a");
        RunningLoad load =
            RunningLoad.startOn(
                new Course(Optional.empty(), Lifetime.parse("fixed:200ms")), 3, server.address())) {
      await().atMost(30, TimeUnit.SECONDS).until(() -> load.counts().opened() >= 12);
      Counts counts = load.finish();

      assertThat(counts.causes()).isEmpty();
      assertThat(counts.account().sent()).isEqualTo(counts.account().processed());
      assertThat(counts.account().processed()).isEqualTo(server.processed()).isPositive();
    }
  }
}
