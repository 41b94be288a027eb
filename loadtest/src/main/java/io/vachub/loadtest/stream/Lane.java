package io.vachub.loadtest.stream;

import io.netty.channel.EventLoop;
import io.vachub.loadtest.measure.Meter;
import io.vachub.loadtest.pace.Clock;
import io.vachub.loadtest.pace.TimingWheel;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** What the streams of one event loop share; used by no other thread. */
record Lane(EventLoop loop, Clock clock, TimingWheel wheel, Meter meter, RandomGenerator random) {

  static Lane on(EventLoop loop, Clock clock) {
    return new Lane(loop, clock, new TimingWheel(loop, clock), new Meter(), new SplittableRandom());
  }
}
