package io.vachub.loadtest.stream;

import io.grpc.Metadata;
import io.vachub.loadtest.call.CallPlan;
import io.vachub.loadtest.connection.Dialer;
import io.vachub.loadtest.connection.EventLoops;
import io.vachub.loadtest.connection.Security;
import io.vachub.loadtest.connection.SetupException;
import io.vachub.loadtest.connection.Target;
import io.vachub.loadtest.load.Course;
import io.vachub.loadtest.load.HandoffConsent;
import io.vachub.loadtest.load.Load;
import io.vachub.loadtest.load.Ramp;
import io.vachub.loadtest.load.Rate;
import io.vachub.loadtest.load.Rpc;
import io.vachub.loadtest.measure.Counts;
import io.vachub.loadtest.measure.Sampler;
import io.vachub.loadtest.measure.Timing;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A load that runs until a test ends it. */
final class RunningLoad implements AutoCloseable {

  private final EventLoops loops = new EventLoops(2);
  private final LoadRun run;
  private final Sampler sampler;

  private RunningLoad(Load load, Duration keepalive, String target) throws SetupException {
    Dialer dialer = new Dialer(Target.parse(target), Security.PLAINTEXT, keepalive, 4 << 20);
    run =
        new LoadRun(
            load,
            CallPlan.streamer(load.rpc(), load.messageBytes(), new Metadata()),
            dialer,
            loops);
    sampler = new Sampler(run.meters());
    run.start();
  }

  static RunningLoad start(Rpc rpc, int streams, String target) throws SetupException {
    return start(rpc, 1, streams, new Rate(100), target);
  }

  static RunningLoad start(Rpc rpc, int channels, int streams, Rate rate, String target)
      throws SetupException {
    return start(rpc, channels, streams, rate, Ramp.NONE, target);
  }

  static RunningLoad start(Rpc rpc, int channels, int streams, Rate rate, Ramp ramp, String target)
      throws SetupException {
    return new RunningLoad(
        load(rpc, channels, streams, rate, ramp, HandoffConsent.ACCEPT), Duration.ZERO, target);
  }

  /** The streams of clients that never heard of handoffs. */
  static RunningLoad startSilent(Rpc rpc, int streams, String target) throws SetupException {
    return new RunningLoad(
        load(rpc, 1, streams, new Rate(100), Ramp.NONE, HandoffConsent.SILENT),
        Duration.ZERO,
        target);
  }

  static RunningLoad startWithKeepalive(Rpc rpc, int streams, Duration keepalive, String target)
      throws SetupException {
    return new RunningLoad(
        load(rpc, 1, streams, new Rate(100), Ramp.NONE, HandoffConsent.ACCEPT), keepalive, target);
  }

  private static Load load(
      Rpc rpc, int channels, int streams, Rate rate, Ramp ramp, HandoffConsent consent) {
    return new Load(rpc, 1, channels, streams, rate, 32, Duration.ZERO, ramp, consent, "client");
  }

  /** Streams that come and go. */
  static RunningLoad startOn(Course course, int streams, String target) throws SetupException {
    Load load = load(Rpc.PROCESS, 1, streams, new Rate(100), Ramp.NONE, HandoffConsent.ACCEPT);
    return new RunningLoad(
        new Load(
            load.rpc(),
            1,
            1,
            streams,
            load.rate(),
            32,
            Duration.ZERO,
            Ramp.NONE,
            load.consent(),
            "client",
            course),
        Duration.ZERO,
        target);
  }

  LoadRun run() {
    return run;
  }

  /** What was counted so far. */
  Counts counts() {
    sampler.sample(0, 0);
    return sampler.counts();
  }

  /** How many times of this kind were recorded so far. */
  long timed(Timing timing) {
    sampler.sample(0, 0);
    return sampler.totals().get(timing).getTotalCount();
  }

  /** The longest time of this kind recorded so far. */
  double maxMillis(Timing timing) {
    sampler.sample(0, 0);
    return sampler.totals().get(timing).getMaxValue() / 1e3;
  }

  /** How many times of this kind were longer than so many milliseconds. */
  long timedOver(Timing timing, long millis) {
    sampler.sample(0, 0);
    return sampler.totals().get(timing).getCountBetweenValues(millis * 1_000, Long.MAX_VALUE / 2);
  }

  /** Keeps every event loop from doing anything for so long. */
  void stall(Duration time) {
    loops.loops().forEach(loop -> loop.execute(() -> LockSupport.parkNanos(time.toNanos())));
  }

  /** Lets all streams settle and returns what was counted in the end. */
  Counts finish() throws InterruptedException {
    run.finish();
    if (!run.awaitDone(Duration.ofSeconds(10))) {
      throw new AssertionError("streams did not settle within 10 seconds");
    }
    return counts();
  }

  /** Ends all streams where they are and returns what was counted in the end. */
  Counts giveUp() throws InterruptedException {
    run.close();
    if (!run.awaitDone(Duration.ofSeconds(10))) {
      throw new AssertionError("streams did not end within 10 seconds");
    }
    return counts();
  }

  @Override
  public void close() {
    run.close();
    loops.close();
  }
}
