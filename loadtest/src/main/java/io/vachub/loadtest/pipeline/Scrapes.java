package io.vachub.loadtest.pipeline;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * The values scraped from one pod, including those that cannot be queried yet. A pod is scraped at
 * fixed times; times are milliseconds.
 */
public final class Scrapes {

  private final int intervalMillis;
  private final int delayMillis;
  private final int windowMillis;
  private final int firstAt;
  private final int[] ring;
  private int taken;

  /** A pod that is scraped for the first time at {@code firstAt}. */
  public Scrapes(MetricsPipeline pipeline, int firstAt) {
    this.intervalMillis = millis(pipeline.scrapeInterval());
    this.delayMillis = millis(pipeline.ingestDelay());
    this.windowMillis = millis(pipeline.window());
    this.firstAt = firstAt;
    this.ring = new int[delayMillis / intervalMillis + 2];
  }

  /** Adds the value scraped now. */
  public void take(int value) {
    ring[taken % ring.length] = value;
    taken++;
  }

  /** When the pod is scraped next. */
  public int nextAt() {
    return firstAt + taken * intervalMillis;
  }

  /** The newest value that can be queried at this time, if it is not too old. */
  public OptionalInt newest(int nowMillis) {
    int since = nowMillis - delayMillis - firstAt;
    if (taken == 0 || since < 0) {
      return OptionalInt.empty();
    }
    int newest = Math.min(since / intervalMillis, taken - 1);
    int age = nowMillis - (firstAt + newest * intervalMillis);
    return age <= windowMillis ? OptionalInt.of(ring[newest % ring.length]) : OptionalInt.empty();
  }

  private static int millis(Duration duration) {
    return (int) Math.min(Integer.MAX_VALUE / 4, duration.toMillis());
  }
}
